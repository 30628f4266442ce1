package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What only HTTP/2 has: streams side by side, windows, resets, trailers, and frames that
 * must not come.
 */
final class RawHttp2Exchanges {

	private static final int INITIAL_WINDOW = 4;

	private static final String TEN = "0123456789";

	private final List<Exchange> all = new ArrayList<>();

	private RawHttp2Exchanges() {
	}

	static Collection<Exchange> all() {
		RawHttp2Exchanges exchanges = new RawHttp2Exchanges();
		exchanges.streams();
		exchanges.windows();
		exchanges.resets();
		exchanges.halfCloses();
		exchanges.earlyAnswers();
		exchanges.trailers();
		exchanges.malformedStreams();
		exchanges.malformedConnections();
		return exchanges.all;
	}

	private void streams() {
		add("three streams",
				(with) -> with.http2()
					.begin()
					.get(1, "/string/x", Journal.PART + ": a")
					.get(3, "/flux/x", Journal.PART + ": b")
					.get(5, "/string/throw-runtime", Journal.PART + ": c")
					.response(1, 3, 5)
					.next(7));
		add("ping", (with) -> with.http2().begin().ping().next(1));
		add("GOAWAY of the client", (with) -> {
			Http2Client client = with.http2().begin().get(1, "/string/x").response(1);
			client.frame(Http2Client.GOAWAY, 0, 0, new byte[8]).told();
		});
	}

	private void windows() {
		for (String path : List.of("/string/long", "/bytes/1000000", "/flux/x", "/buffers/big", "/resource/file")) {
			add("window of 0 for GET " + path, (with) -> {
				Http2Client client = with.http2().begin(INITIAL_WINDOW, 0).get(1, path);
				with.await("begins");
				client.ping().body(1, 0).update(1, 2_000_000).response(1);
				client.get(3, "/next", Journal.PART + ": next").update(3, 100).response(3).told();
			});
		}
		add("window changes",
				(with) -> with.http2()
					.begin(INITIAL_WINDOW, 10)
					.get(1, "/bytes/1000")
					.body(1, 10)
					.update(1, 90)
					.body(1, 100)
					.update(1, 10_000)
					.response(1)
					.get(3, "/bytes/5")
					.response(3)
					.told());
		add("window too large", (with) -> never(with).update(1, Integer.MAX_VALUE).response(1).next(3));
		add("window of the connection too large", (with) -> with.http2().begin().update(0, Integer.MAX_VALUE).end());
	}

	/** Opens a stream that gets no answer. */
	private static Http2Client never(Conversation with) throws Exception {
		Http2Client client = with.http2().begin().get(1, "/mono/never");
		with.await("source subscribed");
		return client;
	}

	private void resets() {
		for (Http2Error error : List.of(Http2Error.CANCEL, Http2Error.NO_ERROR, Http2Error.INTERNAL_ERROR)) {
			add("reset " + error, (with) -> {
				Http2Client client = with.http2().begin().get(1, "/mono/never");
				with.await("source subscribed");
				client.reset(1, error).next(3);
			});
		}
		add("reset at once", (with) -> {
			Http2Client client = with.http2().begin();
			// Whether it begins at all depends on the time
			Http2Headers headers = client.headers("GET", "/mono/never");
			headers.remove(Journal.ID);
			client.open(1, headers, true).reset(1, Http2Error.CANCEL).next(3);
		});
		add("reset of an ended stream",
				(with) -> with.http2().begin().get(1, "/string/x").response(1).reset(1, Http2Error.CANCEL).next(3));
	}

	/** The end of the connection that a client sends that has all it wants. */
	private void halfCloses() {
		for (String path : List.of("/string/x", "/string/sleep", "/flux/x", "/bytes/10000")) {
			add("half-close after GET " + path, (with) -> with.http2().begin().get(1, path).finish().response(1).end());
		}
		for (String path : List.of("/mono/never", "/flux/never")) {
			add("half-close while GET " + path + " waits", (with) -> {
				Http2Client client = with.http2().begin().get(1, path);
				with.await("source subscribed");
				client.finish().end();
			});
		}
	}

	private void earlyAnswers() {
		for (String path : List.of("/body/early", "/body/first", "/body/none", "/missing", "/string/x")) {
			add("early answer of " + path, (with) -> {
				Http2Client client = with.http2().begin();
				client.open(1, client.headers("POST", path), false).data(1, TEN, false).response(1).resetOf(1);
				client.next(3);
			});
		}
		add("early answer by a filter", (with) -> {
			Http2Client client = with.http2().begin();
			client.open(1, client.headers("POST", "/body/x", ComparedFilters.FILTER + ": answer"), false)
				.response(1)
				.resetOf(1);
			client.next(3);
		});
		add("parts with pauses", (with) -> {
			Http2Client client = with.http2().begin();
			client.open(1, client.headers("POST", "/body/pause"), false).data(1, TEN, false);
			with.await("first part");
			client.data(1, TEN, true).response(1).next(3);
		});
		add("expectation", (with) -> {
			Http2Client client = with.http2().begin();
			client.open(1, client.headers("POST", "/body/x", "expect: 100-continue"), false);
			with.await("begins");
			client.data(1, TEN, true).response(1).next(3);
		});
	}

	private void trailers() {
		trailers("trailers", new DefaultHttp2Headers(false).add("x-end", "1"), true);
		trailers("trailers without END_STREAM", new DefaultHttp2Headers(false).add("x-end", "1"), false);
		trailers("trailers with a pseudo header", new DefaultHttp2Headers(false).add(":path", "/"), true);
		trailers("trailers with an upper-case name", new DefaultHttp2Headers(false).add("X-End", "1"), true);
	}

	private void trailers(String name, Http2Headers trailers, boolean end) {
		for (String path : List.of("/body/pause", "/body/never")) {
			add(name + " of " + path, (with) -> {
				Http2Client client = with.http2().begin();
				client.open(1, client.headers("POST", path, "content-type: text/plain"), false).data(1, TEN, false);
				with.await("first part");
				client.open(1, trailers, end);
				if (end && path.equals("/body/never") && name.equals("trailers")) {
					client.reset(1, Http2Error.CANCEL);
				}
				else if (end && name.equals("trailers")) {
					client.response(1);
				}
				else {
					client.refusal(1);
				}
				client.next(3);
			});
		}
	}

	private void malformedStreams() {
		for (String path : List.of("/body/pause", "/text/x")) {
			refused("body longer than it says, " + path,
					(client) -> client
						.open(1, client.headers("POST", path, "content-type: text/plain", "content-length: 5"), false)
						.data(1, TEN, true));
			refused("body shorter than it says, " + path,
					(client) -> client
						.open(1, client.headers("POST", path, "content-type: text/plain", "content-length: 50"), false)
						.data(1, TEN, true));
		}
		malformed("no body where it says one",
				(client) -> client.open(1, client.headers("POST", "/body/x", "content-length: 5"), true));
		malformed("no method",
				(client) -> client.open(1, new DefaultHttp2Headers(false).path("/string/x").scheme("http"), true));
		malformed("no path",
				(client) -> client.open(1, new DefaultHttp2Headers(false).method("GET").scheme("http"), true));
		malformed("an unknown pseudo header", (client) -> client.open(1,
				new DefaultHttp2Headers(false).method("GET").path("/string/x").scheme("http").add(":unknown", "x"),
				true));
		malformed("a pseudo header after others", (client) -> client.open(1,
				new DefaultHttp2Headers(false).add("x-a", "1").method("GET").path("/string/x").scheme("http"), true));
		malformed("a connection header",
				(client) -> client.open(1, client.headers("GET", "/string/x", "connection: close"), true));
		malformed("an upper-case name",
				(client) -> client.open(1, client.headers("GET", "/string/x", "X-Upper: 1"), true));
		malformed("large headers",
				(client) -> client.open(1, client.headers("GET", "/string/x", "x-large: " + "x".repeat(12_000)), true));
		add("DATA after the end", (with) -> never(with).data(1, TEN, true).response(1).next(3));
		add("HEADERS after the end", (with) -> {
			Http2Client client = never(with);
			client.open(1, client.headers("GET", "/string/x"), true).response(1).next(3);
		});
	}

	private void malformed(String name, Opening opening) {
		add(name, (with) -> opening.open(with.http2().begin()).response(1).next(3));
	}

	private void refused(String name, Opening opening) {
		add(name, (with) -> opening.open(with.http2().begin()).refusal(1).next(3));
	}

	private void malformedConnections() {
		connection("DATA of an idle stream", (client) -> client.frame(Http2Client.DATA, 0, 1, new byte[1]));
		connection("stream of an even number", (client) -> client.get(2, "/string/x"));
		connection("PING of the wrong length", (client) -> client.frame(Http2Client.PING, 0, 0, new byte[3]));
		connection("WINDOW_UPDATE of 0", (client) -> client.update(0, 0));
		connection("RST_STREAM of an idle stream", (client) -> client.reset(1, Http2Error.CANCEL));
		connection("SETTINGS of a stream", (client) -> client.frame(Http2Client.SETTINGS, 0, 1, new byte[0]));
		connection("frame too large", (client) -> client.frame(Http2Client.DATA, 0, 1, new byte[20_000]));
		connection("HPACK nonsense", (client) -> client.frame(Http2Client.HEADERS,
				Http2Client.END_HEADERS | Http2Client.END_STREAM, 1, new byte[] { (byte) 0xff, (byte) 0xff, 1 }));
		add("error of the connection while streams are open", (with) -> {
			Http2Client client = never(with);
			client.frame(Http2Client.PING, 0, 0, new byte[3]).end();
		});
	}

	private void connection(String name, Opening opening) {
		add(name, (with) -> opening.open(with.http2().begin()).end());
	}

	private void add(String name, Exchange.Script script) {
		this.all.add(Exchange.http2(name, script));
	}

	/**
	 * Sends something.
	 */
	private interface Opening {

		Http2Client open(Http2Client client) throws Exception;

	}

}
