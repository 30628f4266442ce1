package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.loopline.runtime.internal.support.Stages;

/**
 * A future that only its owner can complete, and that knows whether somebody looks at its
 * outcome. Others may wait for it, chain stages and complete those.
 *
 * @param <T> the type of the result
 */
abstract class OwnedFuture<T> extends CompletableFuture<T> {

	/*-
	 * Every way to look at the outcome passes newIncompleteFuture() or one of the blocking methods, which
	 * therefore record the interest. The static allOf() does not.
	 */

	final boolean succeed(T result) {
		try {
			return super.complete(result);
		}
		catch (Throwable ex) {
			Stages.callBackTheRest(this, ex, () -> super.complete(result));
			return true;
		}
	}

	final boolean fail(Throwable failure) {
		Throwable kept = Stages.keepable(failure);
		try {
			return super.completeExceptionally(kept);
		}
		catch (Throwable ex) {
			Stages.callBackTheRest(this, ex, () -> super.completeExceptionally(kept));
			return true;
		}
	}

	/**
	 * Takes note that somebody looks at the outcome.
	 */
	abstract void observed();

	@Override
	public T join() {
		observed();
		return super.join();
	}

	@Override
	public T get() throws InterruptedException, ExecutionException {
		observed();
		return super.get();
	}

	@Override
	public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		observed();
		return super.get(timeout, unit);
	}

	@Override
	public T getNow(T absent) {
		observed();
		return super.getNow(absent);
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		observed();
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
