import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Calls every endpoint of the demo application in every way at once, with connections that come and go and clients
 * that give up, and checks each answer: status, body, and that it carries the id of its request exactly once.
 * Arguments: port, seconds. Prints one line per kind of load and fails if any answer was wrong or missing.
 */
public final class Soak {

	/** Far longer than any answer takes. */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final int DOWNLOAD = 300_000;

	private static final byte[] UPLOAD = pattern(200_000);

	private final int port;

	private final long end;

	private final AtomicLong ids = new AtomicLong();

	private final Map<String, Kind> kinds = new TreeMap<>();

	private final List<Thread> threads = new ArrayList<>();

	/** Loops that have not ended. */
	private final AtomicInteger loops = new AtomicInteger();

	private Soak(int port, int seconds) {
		this.port = port;
		this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
	}

	public static void main(String[] args) throws Exception {
		System.exit(new Soak(Integer.parseInt(args[0]), Integer.parseInt(args[1])).run() ? 0 : 1);
	}

	private boolean run() throws Exception {
		HttpClient http1 = client(HttpClient.Version.HTTP_1_1);
		start("hello", 32, http1, Soak::hello);
		start("block", 16, http1, () -> block(20 + ThreadLocalRandom.current().nextInt(80)));
		start("burn", 4, http1, () -> new Call("/burn?ms=20", null, (body) -> true));
		start("sleep", 16, http1, () -> new Call("/sleep?ms=10", null, is("Slept 10 ms")));
		start("alternating", 8, http1, () -> (this.ids.get() % 2 == 0) ? hello() : block(20));
		start("transfer", 4, http1, Soak::transfer);
		for (int i = 0; i < 4; i++) {
			HttpClient http2 = client(HttpClient.Version.HTTP_2);
			http2.send(request("/", "0").build(), BodyHandlers.discarding());
			start("h2 hello", 8, http2, Soak::hello);
			start("h2 block", 4, http2, () -> block(20 + ThreadLocalRandom.current().nextInt(80)));
			start("h2 transfer", 1, http2, Soak::transfer);
		}
		HttpClient impatient = client(HttpClient.Version.HTTP_2);
		impatient.send(request("/", "0").build(), BodyHandlers.discarding());
		startAborting("h2 aborted", impatient);
		for (int i = 0; i < 2; i++) {
			startThread("new connections", this::onNewConnection);
			startThread("aborted", this::abort);
		}
		for (Thread thread : this.threads) {
			thread.join();
		}
		long patience = System.nanoTime() + 2 * TIMEOUT.toNanos();
		while (this.loops.get() > 0 && System.nanoTime() < patience) {
			Thread.sleep(100);
		}
		this.kinds.forEach((name, kind) -> System.out.printf("%-16s %9d answers %7d wrong %7d failed %s%n", name,
				kind.good.sum(), kind.wrong.sum(), kind.failed.sum(), kind.example));
		System.out.println("unfinished " + this.loops.get());
		return this.loops.get() == 0
				&& this.kinds.values().stream().allMatch((kind) -> kind.wrong.sum() + kind.failed.sum() == 0);
	}

	private static HttpClient client(HttpClient.Version version) {
		return HttpClient.newBuilder().version(version).connectTimeout(TIMEOUT).build();
	}

	private boolean isOver() {
		return System.nanoTime() - this.end >= 0;
	}

	/*
	 * --------------- What is called ---------------
	 */

	private static Call hello() {
		return new Call("/", null, is("Hello, World!"));
	}

	private static Call block(int ms) {
		return new Call("/block?ms=" + ms, null, is("Blocked for " + ms + " ms"));
	}

	private static Call transfer() {
		return switch (ThreadLocalRandom.current().nextInt(3)) {
			case 0 -> new Call("/download?bytes=" + DOWNLOAD, null, (body) -> isPattern(body, DOWNLOAD));
			case 1 -> new Call("/upload", UPLOAD, is("{\"bytes\":%d,\"sha256\":\"%s\"}".formatted(UPLOAD.length, sha256(UPLOAD))));
			default -> new Call("/stream?count=5&ms=5", null, is("data:1\n\ndata:2\n\ndata:3\n\ndata:4\n\ndata:5\n\n"));
		};
	}

	private static Predicate<byte[]> is(String text) {
		return (body) -> new String(body, StandardCharsets.UTF_8).equals(text);
	}

	private static byte[] pattern(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) (i % 251);
		}
		return bytes;
	}

	private static boolean isPattern(byte[] body, int length) {
		for (int i = 0; i < body.length; i++) {
			if (body[i] != (byte) (i % 251)) {
				return false;
			}
		}
		return body.length == length;
	}

	private static String sha256(byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/*
	 * --------------- On connections that stay ---------------
	 */

	private void start(String name, int count, HttpClient client, Supplier<Call> calls) {
		Kind kind = this.kinds.computeIfAbsent(name, (key) -> new Kind());
		for (int i = 0; i < count; i++) {
			this.loops.incrementAndGet();
			next(kind, client, calls);
		}
	}

	private void next(Kind kind, HttpClient client, Supplier<Call> calls) {
		if (isOver()) {
			this.loops.decrementAndGet();
			return;
		}
		Call call = calls.get();
		String id = id();
		HttpRequest.Builder request = request(call.path, id);
		if (call.upload != null) {
			request.POST(BodyPublishers.ofByteArray(call.upload));
		}
		client.sendAsync(request.build(), BodyHandlers.ofByteArray()).whenCompleteAsync((response, ex) -> {
			if (ex != null) {
				kind.failed(call + " " + ex);
			}
			else {
				kind.answered(response.statusCode() == 200 && response.headers().allValues("X-Request-Id").equals(List.of(id))
						&& call.expected.test(response.body()), call + " " + id + " " + response + response.headers().map());
			}
			next(kind, client, calls);
		});
	}

	/** Gives up requests at random; those that are answered first must be right. */
	private void startAborting(String name, HttpClient client) {
		Kind kind = this.kinds.computeIfAbsent(name, (key) -> new Kind());
		startThread(name, () -> {
			String id = id();
			String path = List.of("/block?ms=50", "/download?bytes=5000000", "/stream?count=50&ms=5", "/")
				.get(ThreadLocalRandom.current().nextInt(4));
			CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request(path, id).build(),
					BodyHandlers.ofByteArray());
			Thread.sleep(ThreadLocalRandom.current().nextInt(40));
			response.cancel(true);
			kind.answered(response.isCancelled() || response.isCompletedExceptionally()
					|| response.join().headers().allValues("X-Request-Id").equals(List.of(id)), path);
			// Netty closes connections with more than 200 resets in 30 seconds.
			Thread.sleep(200);
		});
	}

	private HttpRequest.Builder request(String path, String id) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(TIMEOUT)
			.header("X-Request-Id", id);
	}

	private String id() {
		return "soak-" + this.ids.incrementAndGet();
	}

	/*
	 * --------------- On connections that come and go ---------------
	 */

	private void onNewConnection() throws IOException {
		Call call = (ThreadLocalRandom.current().nextInt(8) == 0) ? block(20) : hello();
		String id = id();
		try (Socket socket = connect()) {
			send(socket, call.path, id);
			byte[] answer = socket.getInputStream().readAllBytes();
			int head = indexOfBody(answer);
			String headers = new String(answer, 0, head, StandardCharsets.ISO_8859_1).toLowerCase();
			byte[] body = Arrays.copyOfRange(answer, head, answer.length);
			boolean once = headers.split("x-request-id: ", -1).length == 2 && headers.contains("x-request-id: " + id + "\r\n");
			this.kinds.get("new connections").answered(headers.startsWith("http/1.1 200") && once && call.expected.test(body),
					headers);
		}
	}

	private void abort() throws IOException, InterruptedException {
		try (Socket socket = connect()) {
			socket.setSoLinger(true, 0); // reset, not an orderly end
			send(socket, List.of("/block?ms=50", "/download?bytes=50000000", "/stream?count=100&ms=5", "/burn?ms=20")
				.get(ThreadLocalRandom.current().nextInt(4)), id());
			Thread.sleep(ThreadLocalRandom.current().nextInt(40));
			if (ThreadLocalRandom.current().nextBoolean()) {
				InputStream input = socket.getInputStream();
				input.read(new byte[Math.max(1, input.available())]);
			}
			this.kinds.get("aborted").answered(true, "");
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket("127.0.0.1", this.port);
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		return socket;
	}

	private static void send(Socket socket, String path, String id) throws IOException {
		socket.getOutputStream()
			.write("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: %s\r\n\r\n".formatted(path, id)
				.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static int indexOfBody(byte[] answer) {
		for (int i = 3; i < answer.length; i++) {
			if (answer[i - 3] == '\r' && answer[i - 2] == '\n' && answer[i - 1] == '\r' && answer[i] == '\n') {
				return i + 1;
			}
		}
		return answer.length;
	}

	private void startThread(String name, Step step) {
		Kind kind = this.kinds.computeIfAbsent(name, (key) -> new Kind());
		Thread thread = new Thread(() -> {
			while (!isOver()) {
				try {
					step.run();
				}
				catch (Exception ex) {
					kind.failed(ex.toString());
				}
			}
		}, name);
		this.threads.add(thread);
		thread.start();
	}

	private interface Step {

		void run() throws Exception;

	}

	private record Call(String path, byte[] upload, Predicate<byte[]> expected) {

		@Override
		public String toString() {
			return this.path;
		}

	}

	private static final class Kind {

		private final LongAdder good = new LongAdder();

		private final LongAdder wrong = new LongAdder();

		private final LongAdder failed = new LongAdder();

		private volatile String example = "";

		void answered(boolean right, String what) {
			if (right) {
				this.good.increment();
			}
			else {
				this.wrong.increment();
				this.example = what;
			}
		}

		void failed(String what) {
			this.failed.increment();
			this.example = what;
		}

	}

}
