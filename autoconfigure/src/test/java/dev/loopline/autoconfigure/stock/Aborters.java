package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import io.netty.handler.codec.http2.Http2Error;

import dev.loopline.autoconfigure.stock.Exchange.Server;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.autoconfigure.web.RawHttp2Client;

/**
 * Clients that begin uploads and downloads and go away.
 */
final class Aborters implements AutoCloseable {

	private static final int AT_ONCE = 4;

	/** Of one HTTP/2 connection: the server closes it when there are many more. */
	private static final int STREAMS = 60;

	/**
	 * A server that has answered what came later has seen what came before, most likely.
	 */
	private static final int ROUNDS = 5;

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final int MAX_PAUSE_NANOS = 1_500_000;

	private static final String PART = "0123456789".repeat(120);

	/**
	 * Of those that lose nothing on stock: operators that delay drop what they hold, and
	 * what Spring joins or echoes is sometimes lost or released twice.
	 */
	private static final List<String> UPLOADS = List.of("/body/counted", "/body/counted-sleepy", "/body/x", "/array/x");

	private static final List<String> DOWNLOADS = List.of("/buffers/endless", "/string/long", "/files/sample.txt",
			"/buffers/x", "/flux/x");

	private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

	/** And what they are about. */
	private final Map<Journal, String> journals = new ConcurrentHashMap<>();

	/**
	 * Begins that many transfers, breaks them off, and waits until all have ended on the
	 * server's side, too, if they do.
	 * @return what has not ended
	 */
	List<String> run(Server kind, int port, int transfers) throws Exception {
		List<Callable<Void>> clients = new ArrayList<>();
		for (int i = 0; i < AT_ONCE; i++) {
			SplittableRandom random = new SplittableRandom(i);
			clients.add(() -> {
				for (int left = transfers / AT_ONCE; left > 0;) {
					left -= (kind == Server.HTTP1) ? http1(port, random) : http2(port, random);
				}
				return null;
			});
		}
		for (Future<Void> client : this.threads.invokeAll(clients)) {
			client.get();
		}
		for (int i = 0; i < ROUNDS; i++) {
			TestServer.getAsync(TestServer.uri(port, "/next")).join();
		}
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!open().isEmpty() && System.nanoTime() < deadline) {
			LockSupport.parkNanos(MAX_PAUSE_NANOS);
		}
		return open();
	}

	private List<String> open() {
		return this.journals.entrySet()
			.stream()
			.filter((each) -> each.getKey().isOpen())
			.map((each) -> each.getValue() + each.getKey().lines())
			.toList();
	}

	private int http1(int port, SplittableRandom random) throws IOException {
		boolean upload = random.nextBoolean();
		String path = path(upload, random);
		String head = (upload ? "POST " : "GET ") + path + " HTTP/1.1\r\nhost: localhost\r\n" + Journal.ID + ": "
				+ begin(path) + "\r\n" + (upload ? "content-length: 1000000" : "") + "\r\n" + (upload ? "\r\n" : "");
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setTcpNoDelay(true);
			write(socket, head);
			for (int parts = upload ? random.nextInt(4) : 0; parts > 0; parts--) {
				write(socket, PART);
				pause(random);
			}
			pause(random);
			if (random.nextInt(10) > 0) {
				socket.setSoLinger(true, 0); // ends without a word
			}
		}
		return 1;
	}

	private static void write(Socket socket, String text) throws IOException {
		try {
			socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			// The server has refused it.
		}
	}

	private int http2(int port, SplittableRandom random) throws IOException {
		try (RawHttp2Client client = new RawHttp2Client(port)) {
			for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
				try {
					http2(client, stream, random);
				}
				catch (IOException ex) {
					break; // as above
				}
			}
			if (random.nextBoolean()) {
				client.abort();
			}
		}
		return STREAMS;
	}

	private void http2(RawHttp2Client client, int stream, SplittableRandom random) throws IOException {
		boolean upload = random.nextBoolean();
		String path = path(upload, random);
		client.headers(stream, upload ? 0 : RawHttp2Client.END_STREAM, ":method", upload ? "POST" : "GET", ":path",
				path, ":scheme", "http", ":authority", "localhost", Journal.ID, begin("h2 " + path + " " + stream));
		for (int parts = upload ? random.nextInt(4) : 0; parts > 0; parts--) {
			client.data(stream, 0, PART);
			pause(random);
		}
		pause(random);
		if (stream < 2 * STREAMS - 8) { // the last ones end with their connection
			client.reset(stream, Http2Error.CANCEL);
		}
	}

	private static String path(boolean upload, SplittableRandom random) {
		List<String> paths = upload ? UPLOADS : DOWNLOADS;
		return paths.get(random.nextInt(paths.size()));
	}

	private String begin(String what) {
		Journal journal = Journal.begin();
		this.journals.put(journal, what);
		return journal.id();
	}

	private static void pause(SplittableRandom random) {
		if (random.nextBoolean()) {
			LockSupport.parkNanos(random.nextInt(MAX_PAUSE_NANOS));
		}
	}

	/**
	 * Returns how many the server saw go away, by an error or a cancellation.
	 */
	long cutOff() {
		return this.journals.keySet()
			.stream()
			.filter((journal) -> has(journal, "exception handler") || has(journal, "body error")
					|| has(journal, "ends: ") && !has(journal, "ends: onComplete"))
			.count();
	}

	/**
	 * Returns the references that others have to the buffers that were held.
	 */
	List<Integer> references() {
		return Journal.references(this.journals.keySet());
	}

	private static boolean has(Journal journal, String beginning) {
		return journal.lines().stream().anyMatch((line) -> line.startsWith(beginning));
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.journals.keySet().forEach(Journal::close);
	}

}
