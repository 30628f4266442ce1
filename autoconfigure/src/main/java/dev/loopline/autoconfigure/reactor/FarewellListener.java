package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * Takes leave of the clients before anything of the application is stopped: readiness is
 * down by then, and the server still accepts.
 */
final class FarewellListener implements ApplicationListener<ContextClosedEvent>, DisposableBean, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(FarewellListener.class);

	/** How long before the end of the drain event streams are ended, at most. */
	private static final Duration LAST_CALL = Duration.ofSeconds(2);

	private final ApplicationContext context;

	private final Farewell farewell;

	private final Duration delay;

	private final Duration drain;

	private Disposable lastCall = Disposables.disposed();

	FarewellListener(ApplicationContext context, Farewell farewell, Duration delay, Duration drain) {
		this.context = context;
		this.farewell = farewell;
		this.delay = delay;
		this.drain = drain;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.farewell.announce();
			awaitLoadBalancers();
			this.farewell.drain();
			long drain = millis(this.drain);
			long lastCall = drain - Math.min(LAST_CALL.toMillis(), drain / 10);
			this.lastCall = Schedulers.parallel().schedule(this.farewell::lastCall, lastCall, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Returns the longest time that there is for one that is longer.
	 */
	private static long millis(Duration duration) {
		return TimeUnit.MILLISECONDS.convert(duration);
	}

	private void awaitLoadBalancers() {
		long delay = millis(this.delay);
		if (delay > 0) {
			logger.info("Not ready any more. Accepting for another {} ms, for load balancers to notice", delay);
			try {
				new CountDownLatch(1).await(delay, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				// Cuts the wait short and is spent by that: Boot's graceful shutdown
				// spins on an interrupted thread
				logger.debug("Interrupted", ex);
			}
		}
	}

	@Override
	public void destroy() {
		this.lastCall.dispose();
	}

}
