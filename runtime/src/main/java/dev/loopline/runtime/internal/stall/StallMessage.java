package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.util.List;

import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.Stall;

/**
 * Says in plain words what stalled and what to do about it.
 */
final class StallMessage {

	private StallMessage() {
	}

	/**
	 * Writes one line.
	 * @param count stalls of the same culprit since the last line
	 */
	static String of(Stall stall, long count, Advice advice) {
		return of(work(stall), stall, count, advice.about(stall.kind()));
	}

	/**
	 * Writes one line.
	 * @param count stalls of the same culprit since the last line
	 */
	static String of(Stall stall, long count, ForeignThreads.Owner owner) {
		return of("Something on %s (%s), a thread that others wait for,".formatted(stall.thread(), owner.library()),
				stall, count, owner.advice());
	}

	private static String of(String subject, Stall stall, long count, String advice) {
		boolean blocking = stall.kind() == Stall.Kind.BLOCKING;
		String did = (stall.running() ? " has " : " ") + (blocking ? "blocked its thread" : "burned CPU");
		String soFar = stall.running() ? " so far" : "";
		String more = (count > 1) ? " (%d such stalls since the last report)".formatted(count) : "";
		return "%s%s for %s%s%s%s. %s".formatted(subject, did, time(stall.duration()), soFar, place(stall), more,
				advice);
	}

	/** A threshold may be below a millisecond. */
	private static String time(Duration duration) {
		return (duration.toMillis() > 0) ? duration.toMillis() + " ms" : duration.toNanos() / 1000 + " us";
	}

	private static String work(Stall stall) {
		String route = stall.work().route();
		String handler = stall.work().handler();
		if (route != null) {
			return (handler != null) ? "%s (%s)".formatted(route, handler) : route;
		}
		if (handler != null) {
			return handler;
		}
		String task = stall.work().task();
		return (task != null) ? "Task '%s'".formatted(task) : "Something on thread " + stall.thread();
	}

	/**
	 * Names the application's frame, and what it called.
	 */
	private static String place(Stall stall) {
		StackTraceElement culprit = stall.culprit();
		List<StackTraceElement> stack = stall.stack();
		if (culprit == null) {
			return stack.isEmpty() ? "" : " in %s, called by no application code".formatted(stack.get(0));
		}
		int depth = stack.indexOf(culprit);
		if (depth <= 0) {
			return " at " + culprit;
		}
		StackTraceElement called = stack.get(depth - 1);
		return " at %s, in %s.%s".formatted(culprit, called.getClassName(), called.getMethodName());
	}

}
