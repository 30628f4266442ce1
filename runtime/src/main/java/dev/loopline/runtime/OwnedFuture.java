package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A future that only its owner can complete. Others may wait for it, chain stages and
 * complete those.
 *
 * @param <T> the type of the result
 */
abstract class OwnedFuture<T> extends CompletableFuture<T> {

	final boolean succeed(T result) {
		return super.complete(result);
	}

	final boolean fail(Throwable failure) {
		return super.completeExceptionally(failure);
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new CompletableFuture<>();
	}

	/**
	 * Returns a future of its own: completing it does nothing to this one.
	 */
	@Override
	public CompletableFuture<T> toCompletableFuture() {
		return thenApply(Function.identity());
	}

	@Override
	public final boolean complete(T result) {
		throw refusal();
	}

	@Override
	public final boolean completeExceptionally(Throwable failure) {
		throw refusal();
	}

	@Override
	public final CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
		throw refusal();
	}

	@Override
	public final CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
		throw refusal();
	}

	@Override
	public final CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
		throw refusal();
	}

	@Override
	public final CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
		throw refusal();
	}

	@Override
	public final void obtrudeValue(T value) {
		throw refusal();
	}

	@Override
	public final void obtrudeException(Throwable failure) {
		throw refusal();
	}

	private UnsupportedOperationException refusal() {
		return new UnsupportedOperationException("Only what it stands for completes it");
	}

}
