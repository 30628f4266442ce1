package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.Disposable;

import dev.loopline.layers.Timers;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandTimer;

/**
 * Runs what comes later on the strand that a request is on now, be it that of its
 * connection or its own.
 */
record StrandTimers(Strand strand) implements Timers {

	/**
	 * Returns those of the current strand; without one, those of a request.
	 */
	static Timers current(ServerHttpRequest request) {
		Strand strand = Strand.current();
		return (strand != null) ? new StrandTimers(strand) : EventLoopTimers.of(request);
	}

	@Override
	public void execute(Runnable task) {
		this.strand.execute(task);
	}

	@Override
	public Disposable schedule(Runnable task, Duration delay) {
		StrandTimer timer = this.strand.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
		return timer::cancel;
	}

}
