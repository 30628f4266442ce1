package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.web.RequestChannel;
import dev.loopline.layers.Timers;

/**
 * Runs what comes later where a request came from: there it is answered, and there its
 * handler begins.
 */
record EventLoopTimers(EventLoop loop) implements Timers {

	/**
	 * Returns those of a request. One that came by no connection, as in tests, has those
	 * of Reactor.
	 */
	static Timers of(ServerHttpRequest request) {
		Channel channel = RequestChannel.of(request);
		return (channel != null) ? new EventLoopTimers(channel.eventLoop()) : Timers.of(Schedulers.parallel());
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public Disposable schedule(Runnable task, Duration delay) {
		Future<?> timer = this.loop.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
		return () -> timer.cancel(false);
	}

}
