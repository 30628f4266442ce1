package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Stages;

/**
 * Tells many tasks to end. Tokens form a tree: cancelling one cancels its children, not
 * its parent. Safe for use by many threads.
 */
public final class CancellationToken implements AutoCloseable {

	private final @Nullable CancellationToken parent;

	private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

	@GuardedBy("this")
	private final Set<CancellationToken> children = new LinkedHashSet<>();

	@GuardedBy("this")
	private boolean cancelling;

	/**
	 * Create a token without a parent.
	 */
	public CancellationToken() {
		this(null);
	}

	private CancellationToken(@Nullable CancellationToken parent) {
		this.parent = parent;
	}

	/**
	 * Makes a token that is cancelled with this one, and by itself. Close it when it is
	 * not needed any more: until then this token knows it.
	 * @return the child, cancelled if this token is
	 */
	public CancellationToken child() {
		CancellationToken child = new CancellationToken(this);
		synchronized (this) {
			if (!this.cancelling) {
				this.children.add(child);
				return child;
			}
		}
		child.cancel();
		return child;
	}

	/**
	 * Cancels this token and its children. Only the first call counts.
	 */
	public void cancel() {
		List<CancellationToken> children;
		synchronized (this) {
			if (this.cancelling) {
				return;
			}
			this.cancelling = true;
			children = new ArrayList<>(this.children);
			this.children.clear();
		}
		close();
		// Runs what others chained: not under the lock
		Stages.complete(this.cancelled, null);
		children.forEach(CancellationToken::cancel);
	}

	/**
	 * Returns whether this token was cancelled.
	 * @return whether to end
	 */
	public boolean isCancelled() {
		return this.cancelled.isDone();
	}

	/**
	 * Returns the stage that completes with the cancellation, on the cancelling thread.
	 * @return never completed exceptionally
	 */
	public CompletionStage<Void> cancelled() {
		return this.cancelled.minimalCompletionStage();
	}

	/**
	 * Aborts a task when this token is cancelled.
	 * @param <T> the type of the result
	 * @param task the task
	 * @return the task
	 */
	public <T> JoinHandle<T> guard(JoinHandle<T> task) {
		Objects.requireNonNull(task, "task");
		CancellationToken guard = child();
		guard.cancelled.thenRun(task::abort);
		TaskTracker.onEnd(task, guard::close);
		return task;
	}

	/**
	 * Makes the parent forget this token, which is not cancelled by it any more.
	 */
	@Override
	public void close() {
		if (this.parent != null) {
			synchronized (this.parent) {
				this.parent.children.remove(this);
			}
		}
	}

}
