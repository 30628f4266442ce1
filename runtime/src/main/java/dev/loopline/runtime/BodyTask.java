package dev.loopline.runtime;

import java.util.Objects;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Stages;
import dev.loopline.runtime.time.Ticker;

/**
 * A task that is polled in steps.
 *
 * @param <T> the type of the result
 */
final class BodyTask<T> extends Task<T> implements TaskContext {

	/** Operations between two looks at the clock. A power of two. */
	private static final int CLOCK_INTERVAL = 16;

	private @Nullable TaskBody<T> body;

	/** The stage that will wake this task. */
	private @Nullable CompletionStage<?> awaited;

	private boolean unconstrained;

	/** What is left for the running poll. */
	private int left;

	private long deadline;

	private @Nullable Ticker ticker;

	BodyTask(Tasks tasks, @Nullable String name, TaskBody<T> body) {
		super(tasks, name);
		this.body = body;
	}

	@Override
	@Nullable Object step(int budget, long deadline, Ticker ticker) throws Exception {
		this.left = budget;
		this.deadline = deadline;
		if (this.ticker != ticker) {
			this.ticker = ticker; // a reference takes the collector's barrier along
		}
		TaskBody<T> body = this.body;
		return (body != null) ? body.poll(this).outcome() : null;
	}

	@Override
	void release(boolean cancelled) {
		this.body = null;
		this.awaited = null;
	}

	@Override
	public JoinHandle<?> handle() {
		return this.handle;
	}

	@Override
	public void wake() {
		wakeUp();
	}

	@Override
	public boolean proceed() {
		if (this.unconstrained) {
			return true;
		}
		if (this.left <= 0) {
			return false;
		}
		this.left--;
		if ((this.left & (CLOCK_INTERVAL - 1)) == 0 && this.ticker != null
				&& this.ticker.nanos() - this.deadline >= 0) {
			this.left = 0;
		}
		return true;
	}

	@Override
	public boolean await(CompletionStage<?> stage) {
		Objects.requireNonNull(stage, "stage");
		if (!proceed()) {
			wake();
			return false;
		}
		if (Stages.isDone(stage)) {
			this.awaited = null;
			return true;
		}
		if (this.awaited != stage) {
			this.awaited = stage;
			stage.whenComplete((result, failure) -> wake());
		}
		return false;
	}

	@Override
	public void unconstrained() {
		this.unconstrained = true;
	}

}
