package dev.loopline.runtime;

import java.time.Duration;

import dev.loopline.runtime.internal.thread.ThreadMaker;
import dev.loopline.runtime.time.Ticker;

/**
 * Runtimes whose threads never run, so that a test plays the workers itself.
 */
public final class InertRuntime {

	static final Thread THREAD = new Thread() {

		@Override
		public synchronized void start() {
		}

	};

	private static final TaskRuntimeConfig CONFIG = config(() -> 0);

	private InertRuntime() {
	}

	public static TaskRuntime start() {
		return TaskRuntime.start(CONFIG, InertDriver::new);
	}

	static TaskRuntime start(Ticker ticker) {
		return TaskRuntime.start(config(ticker), InertDriver::new);
	}

	private static TaskRuntimeConfig config(Ticker ticker) {
		return TaskRuntimeConfig.of((builder) -> builder.workers(1)
			.queueCapacity(2)
			.threadFactory((ThreadMaker.InPlace) (loop) -> THREAD)
			.ticker(ticker));
	}

	/**
	 * Makes a run on a virtual thread that is never made.
	 */
	static MountedRun mountedRun() {
		TaskRuntime runtime = start();
		LaneLine.Waiting waiting = new LaneLine.Waiting(runtime.newStrand(), LaneLine.Kind.VIRTUAL, false, 0, 0);
		return new MountedRun(runtime.scheduler().slowLane(), new LaneLine("route", 0, 0), waiting);
	}

	/**
	 * Does what a worker does with the next strand of the injector.
	 * @return whether there was one
	 */
	public static boolean pollNext(TaskRuntime runtime) {
		Work work = runtime.scheduler().injector().pop();
		if (work == null) {
			return false;
		}
		TaskRuntimeConfig config = runtime.config();
		if (work.poll(config.budget(), Duration.ofDays(1).toNanos(), config.ticker(), config.ticker().nanos())) {
			runtime.scheduler().injector().push(work);
		}
		return true;
	}

	public static void pollAll(TaskRuntime runtime) {
		while (pollNext(runtime)) {
			// One strand after the other
		}
	}

}
