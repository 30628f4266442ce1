package dev.loopline.autoconfigure.reactor;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

import dev.loopline.runtime.RuntimeThreads;

/**
 * Tells BlockHound where the threads of a runtime may block: anywhere but in handlers and
 * tasks, and even there if they said so. Found and loaded by BlockHound alone.
 */
public final class LooplineBlockHoundIntegration implements BlockHoundIntegration {

	/*-
	 * One thread polls strands, parks in its driver, waits as an heir, serves the slow lane and runs jobs
	 * that may block. What it does right now is asked at every call, by the predicate below. Netty's own
	 * integration, however, takes every thread with fast thread-locals for an event loop, and which of the
	 * two has the last word is up to the class path. So the threads of our own factory tell Netty the same,
	 * and frames tell it for those of other factories. Frames alone would not do: BlockHound does not see
	 * those that were there before it was installed.
	 */

	/** Frames in which nobody waits for the thread, as class and method. */
	static final List<String> ALLOWED = List.of("runtime.internal.thread.BlockingPool.runJobs", "runtime.Monitor.run",
			"runtime.Shutdown.run", "runtime.InPlace.call",
			// In passing: a job or a spare thread needs a thread, which is made elsewhere
			"runtime.internal.thread.ThreadMaker.newThread", "runtime.internal.thread.ThreadMaker.run",
			"runtime.internal.support.Failures.log", "runtime.internal.support.SpinLock.lock",
			// Once
			"autoconfigure.actuate.ApplicationHandlerMapping.mappings", "autoconfigure.tracing.TaskTracingHooks.tracer",
			"autoconfigure.tracing.TaskTracingHooks.stallEvents",
			// On purpose
			"autoconfigure.drill.DrillHandlers.sleep");

	/** Frames within these that run what is expected not to block. */
	static final List<String> DISALLOWED = List.of("runtime.WorkerThread.poll", "runtime.LaneRun.pollLearned");

	/**
	 * Where threads meet at the lock of Netty's allocator, in passing. With event loops
	 * that any thread runs they meet there more often than on stock.
	 */
	private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator";

	@Override
	public void applyTo(BlockHound.Builder builder) {
		builder.allowBlockingCallsInside(ALLOCATOR, "allocate");
		builder.addDynamicThreadPredicate(RuntimeThreads::contains);
		builder.nonBlockingThreadPredicate(LooplineBlockHoundIntegration::withOurs);
		ALLOWED.forEach((frame) -> apply(frame, builder::allowBlockingCallsInside));
		DISALLOWED.forEach((frame) -> apply(frame, builder::disallowBlockingCallsInside));
	}

	private static void apply(String frame, BiConsumer<String, String> rule) {
		int dot = frame.lastIndexOf('.');
		rule.accept("dev.loopline." + frame.substring(0, dot), frame.substring(dot + 1));
	}

	private static Predicate<Thread> withOurs(Predicate<Thread> others) {
		return (thread) -> RuntimeThreads.contains(thread) ? !RuntimeThreads.mayBlock() : others.test(thread);
	}

}
