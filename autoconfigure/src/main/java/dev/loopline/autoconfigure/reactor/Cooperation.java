package dev.loopline.autoconfigure.reactor;

import java.util.Objects;
import java.util.function.Function;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Makes chains of operators share their worker, however much there is to do.
 */
public final class Cooperation {

	/** Elements between two chances for others: the budget of a strand. */
	private static final int BATCH = 128;

	private Cooperation() {
	}

	/**
	 * Lets others run between any two batches of elements, for
	 * {@link Flux#transform(Function)}. A source that never waits, such as
	 * {@link Flux#generate}, would otherwise run in one go.
	 * @param <T> the type of the elements
	 * @param scheduler requests the batches; its workers must be serial
	 * @return what to apply to a flux
	 */
	public static <T> Function<Flux<T>, Publisher<T>> on(Scheduler scheduler) {
		Objects.requireNonNull(scheduler, "scheduler");
		return (source) -> new CooperativeFlux<>(source, scheduler, BATCH);
	}

}
