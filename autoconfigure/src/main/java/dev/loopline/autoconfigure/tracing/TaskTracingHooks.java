package dev.loopline.autoconfigure.tracing;

import java.util.concurrent.Callable;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskHooks;
import dev.loopline.runtime.TaskObserver;

/**
 * {@link TaskHooks} that give what is spawned within a recorded span a child of it, which
 * begins when the task is spawned and ends with it. Safe for use by many threads.
 */
final class TaskTracingHooks implements TaskHooks {

	/** Asked late: the tracer may depend on the runtime. */
	private final SingletonSupplier<Tracer> tracer;

	private final SingletonSupplier<StallEvents> stallEvents;

	TaskTracingHooks(ObjectProvider<Tracer> tracer, ObjectProvider<StallEvents> stallEvents) {
		this.tracer = SingletonSupplier.of(tracer::getObject);
		this.stallEvents = SingletonSupplier.of(() -> stallEvents.getIfAvailable(NamedStallEvents::new));
	}

	@Override
	public @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
		Tracer tracer = tracer();
		Span parent = recordedSpan(tracer);
		if (parent == null) {
			return null;
		}
		Span span = startSpan(tracer, parent, task.isNamed() ? task.name() : "task").tag("loopline.task.id", task.id());
		return new TaskSpan(tracer, span, task, stallEvents());
	}

	@Override
	public <T> Callable<T> onSpawnBlocking(Callable<T> job) {
		Tracer tracer = tracer();
		Span parent = recordedSpan(tracer);
		if (parent == null) {
			return job;
		}
		Span span = startSpan(tracer, parent, "blocking");
		return () -> call(job, tracer, span);
	}

	/** Those who come first at the same time wait for one of them, as with the next. */
	private Tracer tracer() {
		return this.tracer.obtain();
	}

	private StallEvents stallEvents() {
		return this.stallEvents.obtain();
	}

	private static @Nullable Span recordedSpan(Tracer tracer) {
		Span span = tracer.currentSpan();
		return (span != null && !span.isNoop()) ? span : null;
	}

	private static Span startSpan(Tracer tracer, Span parent, String name) {
		return tracer.spanBuilder().setParent(parent.context()).name(name).start();
	}

	private static <T> T call(Callable<T> job, Tracer tracer, Span span) throws Exception {
		try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
			return job.call();
		}
		catch (Throwable ex) {
			span.error(ex);
			throw ex;
		}
		finally {
			span.end();
		}
	}

}
