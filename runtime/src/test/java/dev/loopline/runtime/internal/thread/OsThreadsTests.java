package dev.loopline.runtime.internal.thread;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OsThreads}, with threads that block inside a system call, as database
 * drivers do.
 */
@Timeout(60)
class OsThreadsTests {

	private static final long MILLI = 1_000_000;

	private static final Path PROC = Path.of("/proc");

	private final OsThreads osThreads = new OsThreads();

	private final ThreadProbe probe = ThreadProbe.system(this.osThreads);

	@Test
	void threadThatReadsFromASocketWaits() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket peer = server.accept()) {
			CountDownLatch read = new CountDownLatch(1);
			CountDownLatch end = new CountDownLatch(1);
			Thread thread = start(() -> {
				client.getInputStream().read();
				while (end.getCount() > 0) {
					read.countDown();
					Thread.onSpinWait();
				}
			});
			Await.until(() -> !this.probe.isRunnable(thread));
			assertThat(thread.getState()).isEqualTo(Thread.State.RUNNABLE);
			assertThat(this.probe.isRunnable(thread)).isFalse();
			peer.getOutputStream().write(1);
			Await.open(read);
			assertThat(this.probe.isRunnable(thread)).isTrue();
			end.countDown();
			Await.end(thread);
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void threadThatComputesWaitsOnlyWhenTheSystemPutsItToSleep() throws Exception {
		CountDownLatch looked = new CountDownLatch(1);
		CompletableFuture<Path> directory = new CompletableFuture<>();
		Thread thread = start(() -> {
			directory.complete(PROC.resolve(Files.readSymbolicLink(PROC.resolve("thread-self"))));
			while (looked.getCount() > 0) {
				Thread.onSpinWait();
			}
		});
		Path status = directory.get(20, TimeUnit.SECONDS).resolve("status");
		long sleeps = sleeps(status);
		for (int i = 0; i < 20_000; i++) {
			if (!this.probe.isRunnable(thread)) {
				// The JVM has locks of its own, and pauses
				assertThat(sleeps(status)).isGreaterThan(sleeps);
				Await.until(() -> this.probe.isRunnable(thread));
				sleeps = sleeps(status);
			}
		}
		looked.countDown();
		Await.end(thread);
	}

	@Test
	void threadThatIsFoundAsleepTwiceWaits() {
		OsThreads.Sight sight = new OsThreads.Sight(source(() -> true));
		assertThat(sight.isAsleep(7, 0)).isFalse();
		assertThat(sight.isAsleep(7, 2 * MILLI)).isFalse();
		assertThat(sight.isAsleep(7, 3 * MILLI - 1)).as("too soon after the first time").isFalse();
		assertThat(sight.isAsleep(7, 3 * MILLI)).isTrue();
		assertThat(sight.isAsleep(8, 4 * MILLI)).as("used the processor").isFalse();
	}

	@Test
	void threadThatIsAboutToGoOnAfterAPauseOfTheProcessDoesNotWait() {
		AtomicBoolean asleep = new AtomicBoolean(true);
		OsThreads.Sight sight = new OsThreads.Sight(source(asleep::get));
		sight.isAsleep(7, 0);
		assertThat(sight.isAsleep(7, 5 * MILLI)).as("found asleep right after the pause").isFalse();
		asleep.set(false);
		assertThat(sight.isAsleep(7, 6 * MILLI)).as("waits for a processor").isFalse();
		asleep.set(true);
		assertThat(sight.isAsleep(7, 7 * MILLI)).as("a second pause").isFalse();
	}

	@Test
	void threadThatHasBeenWokenDoesNotWait() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		Thread thread = start(end::await);
		Await.until(() -> this.probe.isWaiting(thread));
		assertThat(this.osThreads.hasBeenWoken(thread)).isFalse();
		end.countDown();
		Await.end(thread);
		assertThat(this.osThreads.hasBeenWoken(thread)).as("of a thread that has ended, nothing is known").isFalse();
		assertThat(this.probe.runDelayNanos(thread)).isZero();
	}

	@Test
	void timeWithoutAProcessorIsThatOfTheSystem(@TempDir Path directory) throws Exception {
		OsThreads.ThreadFiles files = new OsThreads.ThreadFiles(directory);
		assertThat(files.runDelayNanos()).as("no file").isZero();
		assertThat(files.state()).as("no file").isEqualTo(OsThreads.State.UNKNOWN);
		Files.writeString(directory.resolve("schedstat"), "234941768 537373616 58\n");
		assertThat(files.runDelayNanos()).isEqualTo(537_373_616);
		Files.writeString(directory.resolve("schedstat"), "what? ever it is\n");
		assertThat(files.runDelayNanos()).isZero();
		for (String state : new String[] { "R", "T", "S", "D" }) {
			Files.writeString(directory.resolve("stat"), "7 (a) S (b) " + state + " 1 2\n");
			assertThat(files.state()).isEqualTo("SD".contains(state) ? OsThreads.State.ASLEEP : OsThreads.State.AWAKE);
		}
		Files.writeString(directory.resolve("stat"), "7 (a)");
		assertThat(files.state()).isEqualTo(OsThreads.State.UNKNOWN);
	}

	@Test
	void threadThatHasNotRunForLongWaitsWhereTheSystemTellsNothing() {
		OsThreads.Sight sight = new OsThreads.Sight(null);
		sight.isAsleep(7, 0);
		assertThat(sight.isAsleep(7, 49 * MILLI)).isFalse();
		assertThat(sight.isAsleep(7, 50 * MILLI)).isTrue();
	}

	@Test
	void workerThatReadsFromASocketLosesItsWorker() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket peer = server.accept();
				TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)))) {
			CompletableFuture<Integer> read = new CompletableFuture<>();
			CountDownLatch reading = new CountDownLatch(1);
			runtime.newStrand().execute(() -> {
				reading.countDown();
				try {
					read.complete(client.getInputStream().read());
				}
				catch (Exception ex) {
					read.completeExceptionally(ex);
				}
			});
			Await.open(reading);
			CountDownLatch other = new CountDownLatch(1);
			runtime.newStrand().execute(other::countDown);
			Await.open(other);
			assertThat(read).isNotDone();
			Await.until(() -> runtime.diagnostics().snapshot().handoffs().count() > 0); // counted
																						// when
																						// it
																						// has
																						// begun
			Await.until(() -> !runtime.diagnostics().stalls().running().isEmpty());
			assertThat(runtime.diagnostics().stalls().running()).extracting(Stall::kind)
				.containsExactly(Stall.Kind.BLOCKING);
			peer.getOutputStream().write(7);
			assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(7);
		}
	}

	/** How often a thread gave the processor away by itself. */
	private static long sleeps(Path status) throws IOException {
		try (Stream<String> lines = Files.lines(status)) {
			return lines.filter((line) -> line.startsWith("voluntary_ctxt_switches:"))
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.mapToLong(Long::parseLong)
				.findFirst()
				.orElseThrow();
		}
	}

	private static OsThreads.Source source(BooleanSupplier asleep) {
		return new OsThreads.Source() {

			@Override
			public OsThreads.State state() {
				return asleep.getAsBoolean() ? OsThreads.State.ASLEEP : OsThreads.State.AWAKE;
			}

			@Override
			public long runDelayNanos() {
				return 0;
			}

		};
	}

	private Thread start(Work work) {
		CountDownLatch watched = new CountDownLatch(1);
		Thread thread = new Thread(this.osThreads.watching(() -> {
			watched.countDown();
			try {
				work.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}));
		thread.setDaemon(true);
		thread.start();
		Await.open(watched);
		return thread;
	}

	@FunctionalInterface
	private interface Work {

		void run() throws Exception;

	}

}
