package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.netty.handler.codec.http2.Http2Error;

/**
 * Clients that go away before they have got an answer.
 */
final class AbortedExchanges {

	private static final String PART = "0123456789".repeat(500);

	private final List<Exchange> all = new ArrayList<>();

	private AbortedExchanges() {
	}

	static Collection<Exchange> all() {
		AbortedExchanges exchanges = new AbortedExchanges();
		for (String path : List.of("/mono/never", "/buffers/endless", "/flux/never")) {
			exchanges.answer(path);
		}
		for (String shape : List.of("never", "counted", "counted-sleepy", "pause")) {
			exchanges.body("/body/" + shape);
		}
		return exchanges.all;
	}

	private void answer(String path) {
		add("abort GET " + path, (with) -> {
			Http1Client client = with.http1().get(path);
			with.await(path.contains("never") ? "source subscribed" : "begins");
			if (!path.contains("never")) {
				client.read(100_000);
			}
			client.abort();
			with.http1().next();
		}, (with) -> {
			Http2Client client = with.http2().begin().withoutUpdates().get(1, path);
			with.await(path.contains("never") ? "source subscribed" : "begins");
			if (!path.contains("never")) {
				client.body(1, 65_535);
			}
			client.reset(1, Http2Error.CANCEL).update(0, 1_000_000).next(3);
		});
		this.all.add(Exchange.http2("close GET " + path, (with) -> {
			Http2Client client = with.http2().begin().withoutUpdates().get(1, path);
			with.await(path.contains("never") ? "source subscribed" : "begins");
			if (!path.contains("never")) {
				client.body(1, 65_535);
			}
			client.abort();
		}));
	}

	private void body(String path) {
		add("abort POST " + path, (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", path, "content-length: 1000000") + PART);
			with.await("first part");
			client.send(PART).send(PART).abort();
			with.http1().next();
		}, (with) -> {
			Http2Client client = with.http2().begin();
			client.open(1, client.headers("POST", path, "content-length: 1000000"), false).data(1, PART, false);
			with.await("first part");
			client.data(1, PART, false).data(1, PART, false).reset(1, Http2Error.CANCEL).next(3);
		});
		this.all.add(Exchange.http1("finish in body of POST " + path, (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", path, "content-length: 1000000") + PART);
			with.await("first part");
			client.send(PART).finish().end();
		}));
		this.all.add(Exchange.http1("abort before the body of POST " + path, (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", path, "transfer-encoding: chunked"));
			with.await("begins");
			client.abort();
		}));
		this.all.add(Exchange.http2("close in body of POST " + path, (with) -> {
			Http2Client client = with.http2().begin();
			client.open(1, client.headers("POST", path), false).data(1, PART, false);
			with.await("first part");
			client.data(1, PART, false).data(1, PART, false).abort();
		}));
	}

	private void add(String name, Exchange.Script http1, Exchange.Script http2) {
		this.all.add(Exchange.http1(name, http1));
		this.all.add(Exchange.http2(name, http2));
	}

}
