package dev.loopline.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.Poll;
import dev.loopline.runtime.TaskRuntime;

/**
 * What a million tasks weigh that are alive at once, handles and all; fails if one takes
 * more than 250 bytes:
 * {@code java -Xmx2g -cp benchmarks/jmh/target/jmh.jar dev.loopline.benchmarks.LiveTasks}.
 */
public final class LiveTasks {

	private static final int TASKS = 1_000_000;

	private static final int MAX_BYTES = 250;

	private LiveTasks() {
	}

	public static void main(String[] args) throws InterruptedException {
		CompletableFuture<Integer> never = new CompletableFuture<>();
		measure("polled and suspended", (runtime) -> runtime.spawn((task) -> Poll.suspended()));
		measure("sleeping", (runtime) -> runtime.sleep(Duration.ofHours(1)));
		measure("waiting for a stage each", (runtime) -> runtime.spawnAsync(CompletableFuture::new));
		measure("waiting for one stage", (runtime) -> runtime.spawnAsync(() -> never));
		never.complete(1);
	}

	private static void measure(String kind, Function<TaskRuntime, JoinHandle<?>> spawn) throws InterruptedException {
		try (RuntimeSubject subject = new RuntimeSubject(Rival.THREADS)) {
			TaskRuntime runtime = subject.runtime;
			long before = used();
			for (int i = 0; i < TASKS; i++) {
				JoinHandle<?> unused = spawn.apply(runtime);
			}
			while (runtime.diagnostics().snapshot().workers().stream().anyMatch((worker) -> worker.queue().depth() > 0)
					|| runtime.diagnostics().snapshot().scheduling().injectorDepth() > 0) {
				Thread.onSpinWait();
			}
			long after = used();
			long bytes = (after - before) / TASKS;
			System.out.printf("%s: %d tasks live, %.0f MB, %d bytes each%n", kind,
					runtime.diagnostics().snapshot().tasks().live(), (after - before) / 1e6, bytes);
			if (bytes > MAX_BYTES) {
				throw new IllegalStateException("More than %d bytes".formatted(MAX_BYTES));
			}
		}
	}

	private static long used() throws InterruptedException {
		for (int i = 0; i < 3; i++) {
			System.gc();
			Thread.sleep(200);
		}
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

}
