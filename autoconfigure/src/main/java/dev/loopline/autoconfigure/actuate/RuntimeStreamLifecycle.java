package dev.loopline.autoconfigure.actuate;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.PriorityOrdered;

/**
 * Ends the streams of the endpoint when shutdown begins: a server waits for requests that
 * are under way, and these would be for ten minutes. The event comes first, before the
 * wait for load balancers; a context that is stopped and not closed has none.
 */
final class RuntimeStreamLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, PriorityOrdered {

	private final ApplicationContext context;

	private final TaskRuntimeEndpoint endpoint;

	private volatile boolean running;

	RuntimeStreamLifecycle(ApplicationContext context, TaskRuntimeEndpoint endpoint) {
		this.context = context;
		this.endpoint = endpoint;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.endpoint.endStreams();
		}
	}

	@Override
	public void start() {
		this.endpoint.startStreams();
		this.running = true;
	}

	@Override
	public void stop() {
		this.endpoint.endStreams();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
