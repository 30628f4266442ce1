package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * How a poll of a {@link TaskBody} went. Immutable.
 *
 * @param <T> the type of the result
 */
public final class Poll<T> {

	private static final Poll<?> SUSPENDED = new Poll<>(Task.SUSPENDED);

	private static final Poll<?> YIELDED = new Poll<>(Task.YIELDED);

	private final @Nullable Object outcome;

	private Poll(@Nullable Object outcome) {
		this.outcome = outcome;
	}

	/**
	 * The task has ended.
	 * @param <T> the type of the result
	 * @param result the result
	 * @return the outcome
	 */
	public static <T> Poll<T> ready(@Nullable T result) {
		return new Poll<>(result);
	}

	/**
	 * The task waits: it has arranged to be woken.
	 * @param <T> the type of the result
	 * @return the outcome
	 */
	@SuppressWarnings("unchecked")
	public static <T> Poll<T> suspended() {
		return (Poll<T>) SUSPENDED;
	}

	/**
	 * The task lets others run and wants to go on after them.
	 * @param <T> the type of the result
	 * @return the outcome
	 */
	@SuppressWarnings("unchecked")
	public static <T> Poll<T> yielded() {
		return (Poll<T>) YIELDED;
	}

	@Nullable Object outcome() {
		return this.outcome;
	}

}
