package dev.loopline.runtime;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.actor.ActorHooks;
import dev.loopline.runtime.actor.ActorRef;

/**
 * Hooks that throw whenever they are called, but for tasks.
 */
final class ThrowingHooks implements ActorHooks {

	private final Thrower thrower;

	ThrowingHooks(Thrower thrower) {
		this.thrower = thrower;
	}

	@Override
	public Runnable onSubmit(Runnable work) {
		this.thrower.run();
		return work;
	}

	@Override
	public <T> Callable<T> onSpawnBlocking(Callable<T> job) {
		this.thrower.run();
		return job;
	}

	@Override
	public void onActorStart(ActorRef<?> actor) {
		this.thrower.run();
	}

	@Override
	public void onActorStop(ActorRef<?> actor) {
		this.thrower.run();
	}

	/**
	 * Throws within what it puts around messages and blocking jobs.
	 */
	static final class Wrapping implements TaskHooks {

		private final Thrower thrower;

		Wrapping(Thrower thrower) {
			this.thrower = thrower;
		}

		@Override
		public @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
			return null;
		}

		@Override
		public Runnable onSubmit(Runnable work) {
			return () -> {
				this.thrower.run();
				work.run();
			};
		}

	}

	/**
	 * Throws at all events.
	 */
	static final class Observer implements TaskObserver {

		private final Thrower thrower;

		Observer(Thrower thrower) {
			this.thrower = thrower;
		}

		@Override
		public void beforePoll() {
			this.thrower.run();
		}

		@Override
		public void afterPoll() {
			this.thrower.run();
		}

		@Override
		public void onFailure(Throwable cause) {
			this.thrower.run();
		}

		@Override
		public void onTerminate() {
			this.thrower.run();
		}

	}

}
