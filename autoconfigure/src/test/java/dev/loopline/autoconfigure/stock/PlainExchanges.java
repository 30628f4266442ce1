package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A request, its response, and one more request on the same connection, over both
 * versions of HTTP.
 */
final class PlainExchanges {

	private static final Set<Fault> SOME_FAULTS = EnumSet.of(Fault.RUNTIME, Fault.STACK, Fault.LINKAGE);

	private final List<Exchange> all = new ArrayList<>();

	private PlainExchanges() {
	}

	static Collection<Exchange> all() {
		PlainExchanges exchanges = new PlainExchanges();
		exchanges.answers();
		exchanges.exchanges();
		exchanges.heads();
		exchanges.bodies();
		exchanges.filters();
		exchanges.faults();
		exchanges.contexts();
		return exchanges.all;
	}

	private void answers() {
		get("/string/", "x", "null", "empty", "unicode", "long", "sleep", "block", "block-delay", "sleep-block");
		get("/mono/", "x", "empty", "delay", "block", "sleep", "attributes");
		get("/flux/", "x", "empty", "delayed", "sleep", "block", "single");
		get("/buffers/", "three", "big", "hidden", "slow", "x");
		get("/entity/", "created", "nocontent", "notmodified", "etag", "accepted", "close", "x");
		get("/entity/etag", "if-none-match: \"tag\"");
		get("/entityflux/", "x");
		get("/sse/", "x", "slow");
		get("/ndjson/", "x");
		get("/json/", "x", "list", "flux", "large");
		get("/json/x", "accept: application/xml");
		get("/resource/", "file", "x");
		get("/resource/file", "range: bytes=100-199");
		get("/resource/file", "range: bytes=200000-");
		get("/bytes/", "0", "1", "1000", "1000000");
		get("/bytes/", "malformed");
		get("/future/", "x", "late", "failed");
		get("/fn/", "x", "stream", "notmodified", "empty", "error", "delay", "sse");
		get("/files/", "sample.txt", "missing.txt");
		get("/files/sample.txt", "range: bytes=50000-59999");
		get("/files/sample.txt", "if-modified-since: Tue, 14 Nov 2023 22:13:20 GMT");
		get("/", "missing", "missing?with=query");
		get("/next", "connection: close");
	}

	private void exchanges() {
		get("/exchange/", "x", "write", "writeflux", "flush", "complete", "file", "cookie", "before", "trailers",
				"length", "short", "twice", "status", "error", "committed");
		get("/describe/", "addresses", "ssl", "ids", "attributes", "request-attributes", "native-request",
				"native-response", "native-api", "zero-copy", "abstract-request", "abstract-response", "interrupted",
				"factory", "principal");
		get("/describe/request?a=1&a=2&b=%20", "cookie: one=1; two=2");
		get("/describe/headers", "x-several: a", "x-several: b", "accept: text/plain;q=0.5, */*");
		get("/context/", "keys");
	}

	private void heads() {
		for (String path : List.of("/string/long", "/bytes/1000", "/flux/x", "/resource/file", "/files/sample.txt",
				"/entity/x", "/missing", "/string/checked")) {
			add("HEAD " + path, (with) -> {
				Http1Client client = with.http1();
				client.send(client.head("HEAD", path)).response(true).next();
			}, (with) -> {
				Http2Client client = with.http2().begin();
				client.open(1, client.headers("HEAD", path), true).response(1).next(3);
			});
		}
		for (String method : List.of("OPTIONS", "DELETE", "PUT")) {
			add(method + " /next", (with) -> {
				Http1Client client = with.http1();
				client.send(client.head(method, "/next")).response().next();
			}, (with) -> {
				Http2Client client = with.http2().begin();
				client.open(1, client.headers(method, "/next"), true).response(1).next(3);
			});
		}
	}

	private void bodies() {
		String ten = "0123456789";
		String large = ten.repeat(100_000);
		String text = "content-type: text/plain";
		post("/text/x", ten, text);
		post("/text/x", "", text);
		post("/text/x", large, text);
		post("/text/block", ten, text);
		post("/array/x", ten);
		post("/array/x", large);
		post("/json/x", "{\"a\":1,\"b\":[2]}", "content-type: application/json");
		post("/json/x", "{\"a\":", "content-type: application/json");
		post("/json/x", ten, text);
		post("/echo/x", ten);
		post("/echo/x", "x".repeat(500));
		post("/echo/slow", ten);
		post("/fn/x", ten, text);
		post("/form/x", "a=1&b=2&a=3", "content-type: application/x-www-form-urlencoded");
		post("/multipart/x", multipart(), "content-type: multipart/form-data; boundary=cut");
		post("/multipart/x", multipart().substring(0, 80), "content-type: multipart/form-data; boundary=cut");
		for (String shape : List.of("x", "ignore", "first", "take", "none", "twice", "slow", "sleepy", "counted",
				"counted-first", "counted-slow", "counted-sleepy", "counted-join", "signals", "lift", "join",
				"early")) {
			post("/body/" + shape, ten);
			if (!shape.endsWith("slow") && !shape.equals("join")) {
				post("/body/" + shape, large);
			}
			chunked("/body/" + shape, ten, ten, ten);
		}
		post("/body/signals", "");
		post("/body/join", "");
		chunked("/echo/x", ten, "x".repeat(500), ten);
		chunked("/text/x", ten);
		chunked("/next");
	}

	private static String multipart() {
		return "--cut\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nvalue\r\n"
				+ "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f.bin\"\r\n"
				+ "content-type: application/octet-stream\r\n\r\n" + "z".repeat(50_000) + "\r\n--cut--\r\n";
	}

	private void filters() {
		for (String filter : List.of("sleep", "before", "answer", "mutate", "delay", "elastic", "parallel", "timeout",
				"throw-checked", "throw-runtime", "throw-status", "after-runtime", "success-runtime", "after-status")) {
			get("/string/x", ComparedFilters.FILTER + ": " + filter);
			get("/flux/x", ComparedFilters.FILTER + ": " + filter);
			post("/body/x", "0123456789", ComparedFilters.FILTER + ": " + filter);
		}
		get("/describe/headers", ComparedFilters.FILTER + ": mutate");
		get("/describe/native-response", ComparedFilters.FILTER + ": mutate");
		get("/mono/never", ComparedFilters.FILTER + ": timeout");
	}

	private void faults() {
		for (Fault fault : Fault.values()) {
			int before = this.all.size();
			get("/string/", "throw-" + fault);
			get("/mono/", "map-" + fault, "late-" + fault);
			get("/flux/", "first-" + fault, "third-" + fault);
			get("/fn/", fault.toString());
			post("/text/" + fault, "0123456789", "content-type: text/plain");
			post("/array/" + fault, "0123456789");
			if (SOME_FAULTS.contains(fault)) {
				get("/mono/", "error-" + fault);
				get("/buffers/", "third-" + fault);
				get("/entityflux/", fault.toString());
				get("/sse/", fault.toString());
				get("/ndjson/", fault.toString());
				get("/exchange/", "before-" + fault, "committed-" + fault);
				post("/body/fault-" + fault, "0123456789");
			}
			if (fault.isError()) {
				for (String place : List.of("throw", "after", "success")) {
					get("/string/x", ComparedFilters.FILTER + ": " + place + "-" + fault);
				}
				this.all.subList(before, this.all.size()).replaceAll((exchange) -> exchange.fault());
			}
		}
	}

	private void contexts() {
		int before = this.all.size();
		String user = "x-user: somebody";
		for (String shape : List.of("keys", "supplier", "map", "delay", "handler", "view")) {
			get("/context/" + shape, user);
		}
		for (String shape : List.of("x", "delayed", "sleepy")) {
			get("/users/" + shape, user);
		}
		get("/users-text/1", user);
		get("/users-text/5", user);
		get("/users-text/100", user);
		post("/users/x", "0123456789", user);
		post("/users/x", "0123456789".repeat(30_000), user);
		get("/string/x", user);
		get("/flux/x", user);
		this.all.subList(before, this.all.size()).replaceAll((exchange) -> exchange.propagating());
	}

	private void get(String prefix, String... shapes) {
		if (shapes[0].contains(": ")) {
			request(prefix, shapes);
			return;
		}
		Arrays.stream(shapes).forEach((shape) -> request(prefix + shape));
	}

	private void request(String path, String... headers) {
		add("GET " + path + of(headers), (with) -> with.http1().get(path, headers).response().next(),
				(with) -> with.http2().begin().get(1, path, headers(headers)).response(1).next(3));
	}

	private void post(String path, String body, String... headers) {
		add("POST " + path + " " + body.length() + of(headers),
				(with) -> with.http1().post(path, body, headers).response().next(),
				(with) -> with.http2().begin().post(1, path, body, headers).response(1).next(3));
	}

	private void chunked(String path, String... parts) {
		add("POST " + path + " in " + parts.length + " parts", (with) -> {
			Http1Client client = with.http1();
			client.send(client.head("POST", path, "content-type: text/plain", "transfer-encoding: chunked"));
			for (String part : parts) {
				client.chunk(part);
			}
			client.send("0\r\n\r\n").response().next();
		}, (with) -> {
			Http2Client client = with.http2().begin();
			client.open(1, client.headers("POST", path, "content-type: text/plain"), false);
			for (String part : parts) {
				client.data(1, part, false);
			}
			client.data(1, "", true).response(1).next(3);
		});
	}

	/** What HTTP/2 forbids. */
	private static String[] headers(String... headers) {
		return Arrays.stream(headers).filter((header) -> !header.startsWith("connection: ")).toArray(String[]::new);
	}

	private static String of(String... headers) {
		return (headers.length > 0) ? " " + String.join(", ", headers) : "";
	}

	private void add(String name, Exchange.Script http1, Exchange.Script http2) {
		this.all.add(Exchange.http1(name, http1));
		this.all.add(Exchange.http2(name, http2));
	}

}
