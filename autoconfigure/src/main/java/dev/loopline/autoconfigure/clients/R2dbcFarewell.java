package dev.loopline.autoconfigure.clients;

import java.time.Duration;

import io.r2dbc.spi.Closeable;
import io.r2dbc.spi.ConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Closes the pools of an application context that ends, while there still are event loops
 * that can say goodbye to the database. Beans are destroyed only after that.
 */
final class R2dbcFarewell implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

	/** Web servers and listeners have ended by then, event loops have not. */
	private static final int PHASE = 1;

	/** Closed at once. */
	private static final int MAX_POOLS = 16;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(R2dbcFarewell.class);

	private final ApplicationContext context;

	private volatile boolean closing;

	private volatile boolean running;

	R2dbcFarewell(ApplicationContext context) {
		this.context = context;
	}

	/** A context that is only stopped may be started again, and pools may not. */
	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.closing |= event.getApplicationContext() == this.context;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		if (this.closing) {
			// Those of a parent are not ours, and none is made to be closed
			Flux.fromIterable(this.context.getBeansOfType(ConnectionFactory.class, false, false).values())
				.ofType(Closeable.class)
				.flatMapDelayError((pool) -> Mono.from(pool.close()), MAX_POOLS, MAX_POOLS)
				.timeout(PATIENCE)
				.onErrorComplete((ex) -> {
					logger.warn("A pool of connections was not closed", ex);
					return true;
				})
				.blockLast();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
