package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import dev.loopline.runtime.internal.thread.ThreadMaker;

/**
 * A new life: a task is spawned while a runtime that has ended begins again.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It was accepted and is in the new life")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "It was refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "It was accepted and waits in the old life")
@State
public class RestartStress {

	/** So often that most are accepted in the end. */
	private static final int TRIES = 1_000;

	/** Whether the threads of the runtime run. */
	private boolean threads = true;

	private final TaskRuntime runtime = TaskRuntime.start(
			TaskRuntimeConfig.of((builder) -> builder.workers(1)
				.queueCapacity(4)
				.threadFactory((ThreadMaker.InPlace) (body) -> this.threads ? new Thread(body) : InertRuntime.THREAD)),
			InertDriver::new);

	public RestartStress() {
		this.runtime.shutdown(Duration.ZERO, Duration.ZERO).toCompletableFuture().join();
		this.threads = false;
	}

	@Actor
	public void restart() {
		this.runtime.restart();
	}

	@Actor
	public void spawn(II_Result result) {
		for (int i = 0; i < TRIES && result.r1 == 0; i++) {
			try {
				this.runtime.spawn(() -> {
				});
				result.r1 = 1;
			}
			catch (RejectedExecutionException ex) {
				Thread.onSpinWait();
			}
		}
	}

	@Arbiter
	public void look(II_Result result) {
		result.r2 = InertRuntime.pollNext(this.runtime) ? 1 : 0;
	}

}
