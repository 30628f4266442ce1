package dev.loopline.autoconfigure.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskObserver;
import dev.loopline.runtime.TaskStatus;
import dev.loopline.runtime.stall.Stall;

/**
 * The span of one task: current while the task is polled. Used by one thread at a time.
 */
final class TaskSpan implements TaskObserver {

	private final Tracer tracer;

	private final Span span;

	private final JoinHandle<?> task;

	private final StallEvents stallEvents;

	private Tracer.@Nullable SpanInScope scope;

	private long polls;

	TaskSpan(Tracer tracer, Span span, JoinHandle<?> task, StallEvents stallEvents) {
		this.tracer = tracer;
		this.span = span;
		this.task = task;
		this.stallEvents = stallEvents;
	}

	@Override
	public void beforePoll() {
		this.polls++;
		this.scope = this.tracer.withSpan(this.span);
	}

	@Override
	public void afterPoll() {
		if (this.scope != null) {
			this.scope.close();
			this.scope = null;
		}
	}

	@Override
	public void onFailure(Throwable cause) {
		this.span.error(cause);
	}

	@Override
	public void onStall(Stall stall) {
		this.stallEvents.add(this.span, stall);
	}

	@Override
	public void onTerminate() {
		this.span.tag("loopline.polls", this.polls)
			.tag("loopline.task.aborted", this.task.status() == TaskStatus.CANCELLED)
			.end();
	}

}
