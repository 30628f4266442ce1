import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Sends requests over HTTP/2 connections, each with a number of streams that ask for {@code /}, as fast as they are
 * answered, and a number that ask for something else. Arguments: base URL, connections, streams per connection, others
 * per connection, their path, seconds. Prints requests, seconds, errors and latencies in milliseconds of both.
 */
public final class Siblings {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final long start = System.nanoTime();

	private final long end;

	private final AtomicInteger loops = new AtomicInteger();

	private Siblings(int seconds) {
		this.end = this.start + TimeUnit.SECONDS.toNanos(seconds);
	}

	public static void main(String[] args) throws Exception {
		int connections = Integer.parseInt(args[1]);
		HttpClient[] clients = new HttpClient[connections];
		for (int i = 0; i < connections; i++) {
			clients[i] = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
			HttpResponse<Void> first = clients[i].send(request(args[0] + "/"), BodyHandlers.discarding());
			if (first.version() != HttpClient.Version.HTTP_2) {
				throw new IllegalStateException("The server answers with " + first.version());
			}
		}
		new Siblings(Integer.parseInt(args[5])).run(clients, args);
		System.exit(0);
	}

	private void run(HttpClient[] clients, String[] args) throws InterruptedException {
		Stats siblings = new Stats();
		Stats others = new Stats();
		for (HttpClient client : clients) {
			start(client, request(args[0] + args[4]), Integer.parseInt(args[3]), others);
			start(client, request(args[0] + "/"), Integer.parseInt(args[2]), siblings);
		}
		while (this.loops.get() > 0) {
			Thread.sleep(10);
		}
		siblings.print("siblings", this.end - this.start);
		others.print("others", this.end - this.start);
	}

	private static HttpRequest request(String url) {
		return HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
	}

	private void start(HttpClient client, HttpRequest request, int streams, Stats stats) {
		for (int i = 0; i < streams; i++) {
			this.loops.incrementAndGet();
			next(client, request, stats);
		}
	}

	private void next(HttpClient client, HttpRequest request, Stats stats) {
		long sent = System.nanoTime();
		client.sendAsync(request, BodyHandlers.discarding()).whenComplete((response, ex) -> {
			long now = System.nanoTime();
			if (now - this.end >= 0) {
				this.loops.decrementAndGet();
				return;
			}
			stats.add(ex == null && response.statusCode() == 200, now - sent);
			next(client, request, stats);
		});
	}

	/** Latencies in steps of 20 us up to 20 s. */
	private static final class Stats {

		private static final int STEP_MICROS = 20;

		private final AtomicLongArray counts = new AtomicLongArray(1_000_000);

		private final AtomicInteger errors = new AtomicInteger();

		void add(boolean good, long nanos) {
			if (good) {
				this.counts.incrementAndGet((int) Math.min(nanos / 1_000 / STEP_MICROS, this.counts.length() - 1));
			}
			else {
				this.errors.incrementAndGet();
			}
		}

		void print(String name, long nanos) {
			long[] ordered = new long[this.counts.length()];
			Arrays.setAll(ordered, this.counts::get);
			long total = Arrays.stream(ordered).sum();
			System.out.printf("%s %d requests in %d ms, %d errors, p50 %.2f ms, p99 %.2f ms%n", name, total,
					nanos / 1_000_000, this.errors.get(), millis(ordered, total, 50), millis(ordered, total, 99));
		}

		private static double millis(long[] counts, long total, int rank) {
			long left = (total * rank + 99) / 100;
			int step = 0;
			while (left > 0 && (left -= counts[step]) > 0) {
				step++;
			}
			return step * STEP_MICROS / 1e3;
		}

	}

}
