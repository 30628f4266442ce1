package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.StallListener;

/**
 * Throws it, until it is told to stop.
 */
final class Thrower implements Runnable, Callable<String>, StallListener {

	final Throwable thrown;

	final List<Stall> stalls = Collections.synchronizedList(new ArrayList<>());

	private volatile boolean first = true;

	private volatile boolean stopped;

	Thrower(Throwable thrown) {
		this.thrown = thrown;
	}

	@Override
	public void run() {
		if (!this.stopped) {
			Thrower.<RuntimeException>sneak(this.thrown);
		}
	}

	@Override
	public String call() {
		run();
		return "";
	}

	boolean isFirst() {
		boolean first = this.first;
		this.first = false;
		return first;
	}

	void stop() {
		this.stopped = true;
	}

	@Override
	public void onStall(Stall stall) {
		this.stalls.add(stall);
	}

	Runnable future() {
		return new TimerFuture(new CompletableFuture<>()) {

			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				Thrower.this.run();
				return false;
			}

		};
	}

	@Override
	public String toString() {
		return "the thrower";
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void sneak(Throwable thrown) throws E {
		throw (E) thrown;
	}

	/**
	 * Cannot say what it is.
	 */
	static final class Speechless extends Error {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("speechless");
		}

		@Override
		public String toString() {
			throw new IllegalStateException("speechless");
		}

	}

	/**
	 * A timer that tells its end.
	 */
	static class TimerFuture extends CompletableFuture<String> implements Runnable {

		private final CompletableFuture<String> told;

		TimerFuture(CompletableFuture<String> told) {
			this.told = told;
		}

		@Override
		public void run() {
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return this.told.cancel(mayInterruptIfRunning);
		}

	}

}
