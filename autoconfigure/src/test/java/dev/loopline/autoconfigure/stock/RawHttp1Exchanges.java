package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What only HTTP/1.1 has: half-closed connections, pipelines, answers before the end of
 * the request, upgrades, and requests that are none.
 */
final class RawHttp1Exchanges {

	private static final String CHUNKED = "transfer-encoding: chunked";

	private static final String TEXT = "content-type: text/plain";

	private final List<Exchange> all = new ArrayList<>();

	private RawHttp1Exchanges() {
	}

	static Collection<Exchange> all() {
		RawHttp1Exchanges exchanges = new RawHttp1Exchanges();
		exchanges.halfCloses();
		exchanges.pipelines();
		exchanges.expectations();
		exchanges.earlyAnswers();
		exchanges.upgrades();
		exchanges.versions();
		exchanges.malformed();
		exchanges.compression();
		return exchanges.all;
	}

	private void halfCloses() {
		for (String path : List.of("/string/x", "/string/sleep", "/mono/delay", "/flux/x", "/flux/delayed",
				"/bytes/1000000", "/string/throw-runtime")) {
			add("half-close after GET " + path, (with) -> with.http1().get(path).finish().response().end());
		}
		add("half-close after POST", (with) -> with.http1().post("/body/x", "0123456789").finish().response().end());
		add("half-close after two requests", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("GET", "/string/x") + client.head("GET", "/next", Journal.PART + ": next"))
				.finish()
				.response()
				.response()
				.end();
		});
		add("half-close without a request", (with) -> with.http1().finish().end());
		add("half-close in a head", (with) -> with.http1().send("GET / HTTP/1.1\r\nhost: ").finish().end());
	}

	private void pipelines() {
		for (String first : List.of("/string/x", "/mono/delay", "/flux/delayed", "/string/throw-runtime",
				"/mono/late-runtime", "/string/sleep", "/bytes/100000", "/exchange/complete")) {
			pipeline("pipeline GET " + first, first);
		}
		pipeline("pipeline, filter sleeps", "/string/x", ComparedFilters.FILTER + ": sleep");
		pipeline("pipeline, filter delays", "/string/x", ComparedFilters.FILTER + ": delay");
		pipeline("pipeline, filter fails", "/string/x", ComparedFilters.FILTER + ": success-runtime");
		pipeline("pipeline, first closes", "/string/x", "connection: close");
		add("pipeline POST", (with) -> {
			Http1Client client = with.http1();
			String length = "content-length: 10";
			client
				.send(client.head("POST", "/body/x", Journal.PART + ": a", length) + "0123456789"
						+ client.head("POST", "/body/ignore", Journal.PART + ": b", length) + "0123456789"
						+ client.head("GET", "/next", Journal.PART + ": c"))
				.response()
				.response()
				.response();
		}, true);
		add("pipeline, second malformed", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("GET", "/string/x") + "NONSENSE\r\n\r\n").response().response().end();
		});
	}

	private void pipeline(String name, String first, String... headers) {
		add(name, (with) -> {
			Http1Client client = with.http1();
			client
				.send(client.head("GET", first, Http1Client.with(headers, Journal.PART + ": a"))
						+ client.head("GET", "/string/two", Journal.PART + ": b")
						+ client.head("GET", "/next", Journal.PART + ": c"))
				.response()
				.response()
				.response();
		}, !name.contains("late") && !name.contains("delay"));
	}

	private void expectations() {
		String expect = "expect: 100-continue";
		for (String path : List.of("/body/x", "/text/x", "/body/slow")) {
			add("expectation met by " + path, (with) -> {
				Http1Client client = with.http1();
				client.send(client.head("POST", path, expect, TEXT, "content-length: 10"));
				with.await("begins");
				client.send("0123456789").response().next();
			});
		}
		for (String path : List.of("/body/ignore", "/missing", "/string/x")) {
			add("expectation refused by " + path, (with) -> {
				Http1Client client = with.http1();
				client.send(client.head("POST", path, expect, "content-length: 10")).response();
				client.send("0123456789").next();
			});
		}
		add("unknown expectation", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/x", "expect: wonders", "content-length: 10") + "0123456789")
				.response()
				.next();
		});
	}

	private void earlyAnswers() {
		for (String path : List.of("/body/early", "/body/first", "/body/none", "/missing", "/array/x")) {
			add("early answer of " + path, (with) -> {
				Http1Client client = with.http1();
				client.send(client.head("POST", path, CHUNKED)).chunk("0123456789");
				if (path.equals("/array/x")) {
					client.send("0\r\n\r\n");
				}
				client.response();
				client.chunk("more");
				client.send("0\r\n\r\n").next();
			});
		}
		add("early answer by a filter", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/x", CHUNKED, ComparedFilters.FILTER + ": answer")).response();
			client.chunk("0123456789").send("0\r\n\r\n").next();
		});
		add("parts with pauses", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/pause", CHUNKED)).chunk("0123456789");
			with.await("first part");
			client.chunk("0123456789").send("0\r\n\r\n").response().next();
		});
		add("request trailers", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/x", CHUNKED, "trailer: x-end")).chunk("0123456789");
			client.send("0\r\nx-end: 1\r\n\r\n").response().next();
		});
		add("chunk extensions", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/x", CHUNKED) + "5;a=b\r\n01234\r\n0\r\n\r\n").response().next();
		});
	}

	private void upgrades() {
		byte[] hello = { (byte) 0x81, (byte) 0x85, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o' };
		byte[] close = { (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8 };
		add("WebSocket", (with) -> {
			Http1Client client = with.http1()
				.get("/ws", "connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13",
						"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==")
				.response();
			client.send(hello).webSocketFrame().send(hello).webSocketFrame().send(close).webSocketFrame().end();
		});
		add("WebSocket aborted", (with) -> {
			Http1Client client = with.http1()
				.get("/ws", "connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13",
						"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==")
				.response();
			client.send(hello).webSocketFrame().abort();
		});
		add("WebSocket of another version",
				(with) -> with.http1()
					.get("/ws", "connection: upgrade", "upgrade: websocket", "sec-websocket-version: 12",
							"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==")
					.response()
					.next());
		add("WebSocket without upgrade", (with) -> with.http1().get("/ws").response().next());
		for (boolean mixed : new boolean[] { false, true }) {
			Exchange.Script upgrade = (with) -> {
				with.http1()
					.get("/string/x", "connection: Upgrade, HTTP2-Settings", "upgrade: h2c",
							"http2-settings: AAMAAABkAAQAAP__")
					.response();
				with.await("ends: onComplete");
			};
			this.all.add(mixed ? Exchange.mixed("upgrade to h2c", upgrade) : Exchange.http1("upgrade to h2c", upgrade));
		}
		add("upgrade to something unknown",
				(with) -> with.http1().get("/string/x", "connection: upgrade", "upgrade: unknown").response().next());
	}

	private void versions() {
		for (String path : List.of("/string/x", "/flux/x", "/buffers/three", "/string/throw-runtime")) {
			add("HTTP/1.0 GET " + path,
					(with) -> with.http1()
						.send("GET " + path + " HTTP/1.0\r\nhost: localhost\r\n\r\n")
						.response()
						.end());
			add("HTTP/1.0 keep-alive GET " + path,
					(with) -> with.http1()
						.send("GET " + path + " HTTP/1.0\r\nhost: localhost\r\nconnection: keep-alive\r\n\r\n")
						.response()
						.next());
			add("connection closes after GET " + path,
					(with) -> with.http1().get(path, "connection: close").response().end());
		}
		add("connection closes after POST", (with) -> {
			Http1Client client = with.http1();
			client.post("/body/ignore", "0123456789", "connection: close").response().end();
		});
		add("no host", (with) -> with.http1().send("GET /string/x HTTP/1.1\r\n\r\n").response().next());
		add("absolute target",
				(with) -> with.http1()
					.send("GET http" + "://elsewhere/describe/request HTTP/1.1\r\nhost: localhost\r\n\r\n")
					.response()
					.next());
	}

	private void malformed() {
		add("bad chunk", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/pause", CHUNKED)).chunk("0123456789");
			with.await("first part");
			client.send("nonsense\r\n\r\n").response().end();
		});
		for (String request : List.of("NONSENSE\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
				"GET /string/x HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n",
				"GET /string/x HTTP/1.1\r\nhost: localhost\r\n: no name\r\n\r\n",
				"GET /string/x HTTP/1.1\r\nhost: localhost\r\nx-large: " + "x".repeat(20_000) + "\r\n\r\n",
				"GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nhost: localhost\r\n\r\n",
				"GET /%zz HTTP/1.1\r\nhost: localhost\r\n\r\n", "GET /a|b HTTP/1.1\r\nhost: localhost\r\n\r\n",
				"POST /body/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
				"POST /body/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
				"POST /body/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
				"POST /body/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\n" + CHUNKED + "\r\n\r\n0\r\n\r\n")) {
			String name = request.substring(0, Math.min(70, request.length())).replaceAll("\\s+", " ").strip();
			add("malformed " + name + " " + request.length(), (with) -> with.http1().send(request).response().next());
		}
		add("longer body than it says", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", "/body/x", "content-length: 5") + "01234NONSENSE\r\n\r\n")
				.response()
				.response()
				.end();
		});
	}

	private void compression() {
		for (String path : List.of("/json/large", "/bytes/100000", "/string/x", "/resource/file", "/sse/x")) {
			this.all.add(Exchange.mixed("compressed GET " + path,
					(with) -> with.http1().get(path, "accept-encoding: gzip").response().next()));
			this.all.add(Exchange.http2("compressed GET " + path,
					(with) -> with.http2().begin().get(1, path, "accept-encoding: gzip").response(1).next(3)));
			this.all.add(Exchange.mixed("GET " + path, (with) -> with.http1().get(path).response().next()));
		}
		String body = "0123456789";
		this.all.add(Exchange.mixed("POST", (with) -> with.http1().post("/body/x", body).response().next()));
	}

	private void add(String name, Exchange.Script script) {
		add(name, script, false);
	}

	private void add(String name, Exchange.Script script, boolean ordered) {
		Exchange exchange = Exchange.http1(name, script);
		this.all.add(ordered ? exchange.inOrder() : exchange);
	}

}
