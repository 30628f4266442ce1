package dev.loopline.runtime.actor;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.StrandTimer;
import dev.loopline.runtime.internal.support.Failures;

/**
 * The instance of an actor and its supervision. Only for the actor's strand, but for what
 * {@link ActorContext} offers and the counters.
 *
 * @param <M> the type of the messages
 */
final class ActorCell<M> implements ActorContext<M> {

	private final ActorRef<M> self;

	private final Supplier<? extends Actor<M>> factory;

	private @Nullable Actor<M> actor;

	/** Single writer. */
	private volatile long handled;

	private volatile long failures;

	ActorCell(ActorRef<M> self, Supplier<? extends Actor<M>> factory) {
		this.self = self;
		this.factory = factory;
	}

	/**
	 * Makes an instance.
	 * @return {@code false} if that failed
	 */
	boolean start() {
		try {
			Actor<M> actor = this.factory.get();
			actor.started(this);
			this.actor = actor;
			return true;
		}
		catch (Throwable ex) {
			Failures.warn(ActorRegistry.logger, ex, "{} failed to start and stops", this.self);
			return false;
		}
	}

	/**
	 * Lets the instance go.
	 */
	void stop() {
		Actor<M> actor = this.actor;
		this.actor = null;
		if (actor != null) {
			try {
				actor.stopped();
			}
			catch (Throwable ex) {
				Failures.warn(ActorRegistry.logger, ex, "{} failed to stop in order", this.self);
			}
		}
	}

	/**
	 * Handles a message.
	 * @return why that failed, if it did
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // single writer
	@Nullable Throwable handle(M message) {
		Actor<M> actor = this.actor;
		if (actor == null) {
			return new ActorStoppedException(this.self.name());
		}
		try {
			actor.receive(message, this);
			this.handled++;
			return null;
		}
		catch (Throwable ex) {
			this.failures++;
			Failures.warn(ActorRegistry.logger, ex, "{} failed to handle a message ({})", this.self,
					this.self.supervision());
			supervise();
			return ex;
		}
	}

	private void supervise() {
		switch (this.self.supervision()) {
			case RESUME -> {
			}
			case RESTART -> {
				stop();
				start();
			}
			case STOP -> stop();
		}
	}

	/**
	 * Returns whether there is no instance to handle messages.
	 */
	boolean isBroken() {
		return this.actor == null;
	}

	long handled() {
		return this.handled;
	}

	long failures() {
		return this.failures;
	}

	@Override
	public ActorRef<M> self() {
		return this.self;
	}

	@Override
	public StrandTimer tellLater(M message, Duration delay) {
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(delay, "delay");
		return this.self.tellLater(message, delay);
	}

	@Override
	public <R> void pipe(CompletionStage<R> stage, BiFunction<@Nullable R, @Nullable Throwable, M> message) {
		Objects.requireNonNull(stage, "stage");
		Objects.requireNonNull(message, "message");
		stage.whenComplete((result, failure) -> tellSelf(() -> message.apply(result, failure)));
	}

	@Override
	public <O> void watch(ActorRef<O> other, Function<ActorRef<O>, M> message) {
		Objects.requireNonNull(other, "other");
		Objects.requireNonNull(message, "message");
		other.termination().thenRun(() -> tellSelf(() -> message.apply(other)));
	}

	private void tellSelf(Supplier<M> message) {
		try {
			this.self.tell(message.get());
		}
		catch (Throwable ex) {
			Failures.warn(ActorRegistry.logger, ex, "{} failed to make a message", this.self);
		}
	}

}
