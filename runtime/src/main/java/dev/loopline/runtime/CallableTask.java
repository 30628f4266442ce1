package dev.loopline.runtime;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.time.Ticker;

/**
 * A task that calls something once.
 *
 * @param <T> the type of the result
 */
final class CallableTask<T> extends Task<T> {

	private @Nullable Callable<? extends T> body;

	CallableTask(Tasks tasks, @Nullable String name, Callable<? extends T> body) {
		super(tasks, name);
		this.body = body;
	}

	@Override
	@Nullable Object step(int budget, long deadline, Ticker ticker) throws Exception {
		Callable<? extends T> body = this.body;
		return (body != null) ? body.call() : null;
	}

	@Override
	void release(boolean cancelled) {
		this.body = null;
	}

}
