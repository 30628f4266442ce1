package dev.loopline.runtime.actor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.StrandTimer;
import dev.loopline.runtime.internal.support.Durations;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.support.Stages;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * Sends messages to an {@link Actor}. Safe for use by many threads.
 *
 * @param <M> the type of the messages
 */
public final class ActorRef<M> implements AutoCloseable {

	/*-
	 * An actor is a strand whose items are messages, and a count of them that bounds the mailbox.
	 *
	 * 1. Tell: count the message in, then put it into the strand. With back-pressure, a message that finds
	 *    no room waits in line outside, and those that come later wait behind it: the order per sender
	 *    holds. Whoever takes a message from the mailbox lets the first in line in.
	 * 2. Stop: close the count, then queue the end. The end comes round again while messages are counted
	 *    in that have not arrived yet, so what was accepted is handled.
	 * 3. Stop by failure: the same, but messages are dead letters: asks fail, the others are counted.
	 */

	private static final CompletionStage<Void> ACCEPTED = CompletableFuture.<Void>completedFuture(null)
		.minimalCompletionStage();

	/** Of the life of the runtime that the actor lives in. */
	private final ActorRegistry registry;

	private final String name;

	private final ActorOptions options;

	private final Strand strand;

	private final Mailbox mailbox;

	private final ActorCell<M> cell;

	/** Messages outside; {@link #lineLength} is read without its lock. */
	@GuardedBy("line")
	private final ArrayDeque<Delivery> line = new ArrayDeque<>();

	private volatile int lineLength;

	private final LongAdder dropped = new LongAdder();

	private final CompletableFuture<Void> termination = new CompletableFuture<>();

	/** Whether messages are dead letters. Only for the strand. */
	private boolean discarding;

	ActorRef(ActorRegistry registry, String name, Supplier<? extends Actor<M>> factory, ActorOptions options) {
		this.registry = registry;
		this.name = name;
		this.options = options;
		this.strand = registry.life().newStrand();
		StrandInstrumentation.setContext(this.strand, () -> new WorkDescription(null, null, toString()));
		this.mailbox = new Mailbox(options.mailboxCapacity());
		this.cell = new ActorCell<>(this, factory);
	}

	ActorRef<M> start() {
		StrandInstrumentation.enlist(this.strand, StrandKind.ACTOR, this.name);
		this.strand.execute(() -> {
			if (!this.cell.start()) {
				stopDiscarding();
			}
		});
		return this;
	}

	/**
	 * Sends a message.
	 * @param message the message
	 * @return completed when the mailbox has accepted or dropped the message; fails with
	 * {@link MailboxFullException} or {@link ActorStoppedException}
	 */
	public CompletionStage<Void> tell(M message) {
		Objects.requireNonNull(message, "message");
		return deliver(new Delivery(message, null));
	}

	/**
	 * Sends a message and waits for the answer.
	 * @param <R> the type of the answer
	 * @param message makes the message; it carries the future that the actor completes
	 * @param timeout how long to wait for the answer at most; what is negative counts as
	 * zero
	 * @return the answer; fails also if the message is refused or the actor stops
	 */
	public <R> CompletionStage<R> ask(Function<CompletableFuture<R>, M> message, Duration timeout) {
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(timeout, "timeout");
		CompletableFuture<R> answer = new CompletableFuture<>();
		deliver(new Delivery(Objects.requireNonNull(message.apply(answer), "message"), answer))
			.exceptionally((refused) -> {
				Stages.fail(answer, refused);
				return null;
			});
		return this.registry.life().runtime().timeout(answer, timeout);
	}

	private CompletionStage<Void> deliver(Delivery delivery) {
		if (this.lineLength > 0) {
			return standInLine(delivery);
		}
		return switch (this.mailbox.admit()) {
			case ADMITTED -> {
				execute(delivery);
				yield ACCEPTED;
			}
			case CLOSED -> CompletableFuture.failedStage(new ActorStoppedException(this.name));
			case FULL -> switch (this.options.mailboxPolicy()) {
				case BACK_PRESSURE -> standInLine(delivery);
				case DROP -> {
					this.dropped.increment();
					delivery.refuse(new MailboxFullException(this.name, this.options.mailboxCapacity()));
					yield ACCEPTED;
				}
				case FAIL ->
					CompletableFuture.failedStage(new MailboxFullException(this.name, this.options.mailboxCapacity()));
			};
		};
	}

	private CompletionStage<Void> standInLine(Delivery delivery) {
		delivery.accepted = new CompletableFuture<>();
		synchronized (this.line) {
			this.line.add(delivery);
			this.lineLength = this.line.size();
		}
		letIn(); // there may be room by now, or never any more
		return delivery.accepted.minimalCompletionStage();
	}

	private void letIn() {
		while (this.lineLength > 0) {
			Delivery first;
			Mailbox.Admission admission;
			synchronized (this.line) {
				first = this.line.peek();
				if (first == null) {
					return;
				}
				admission = this.mailbox.admit();
				if (admission == Mailbox.Admission.FULL) {
					return;
				}
				if (admission == Mailbox.Admission.ADMITTED) {
					execute(first); // before others see that the line is empty
				}
				this.line.remove(first);
				this.lineLength = this.line.size();
			}
			if (admission == Mailbox.Admission.ADMITTED) {
				first.accept();
			}
			else {
				first.refuse(new ActorStoppedException(this.name));
			}
		}
	}

	private void execute(Delivery delivery) {
		try {
			this.strand.execute(delivery);
		}
		catch (RejectedExecutionException ex) {
			this.mailbox.take();
			delivery.refuse(ex);
			terminate();
		}
	}

	/**
	 * Stops the actor after the messages that it has accepted. Only the first call
	 * counts.
	 * @return completed when it has stopped, never exceptionally
	 */
	public CompletionStage<Void> stop() {
		if (this.mailbox.close()) {
			finish();
		}
		return termination();
	}

	private void stopDiscarding() {
		this.discarding = true;
		if (this.mailbox.close()) {
			finish();
		}
	}

	private void finish() {
		letIn();
		try {
			this.strand.execute(this::end);
		}
		catch (RejectedExecutionException ex) {
			terminate();
		}
	}

	private void end() {
		if (this.mailbox.depth() > 0) {
			finish(); // a message was counted in and has not arrived yet
			return;
		}
		this.cell.stop();
		terminate();
	}

	/**
	 * Forgets the actor. At the end of the runtime it may have messages left.
	 */
	void terminate() {
		this.mailbox.close();
		letIn();
		StrandInstrumentation.delist(this.strand, this.name);
		this.registry.remove(this);
		Stages.complete(this.termination, null);
	}

	/**
	 * Stops the actor without waiting.
	 */
	@Override
	public void close() {
		stop();
	}

	/**
	 * Returns the stage of the end.
	 * @return completed when the actor has stopped
	 */
	public CompletionStage<Void> termination() {
		return this.termination.minimalCompletionStage();
	}

	/**
	 * Returns the name of the actor.
	 * @return the name, which no other live actor of the runtime has
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns what the actor is doing.
	 * @return a snapshot
	 */
	public ActorSnapshot snapshot() {
		return new ActorSnapshot(this.name, this.mailbox.depth() + this.lineLength, this.cell.handled(),
				this.cell.failures(), this.dropped.sum(), this.termination.isDone());
	}

	StrandTimer tellLater(M message, Duration delay) {
		return this.strand.schedule(() -> tell(message), Durations.nanos(delay, "delay"), TimeUnit.NANOSECONDS);
	}

	Supervision supervision() {
		return this.options.supervision();
	}

	@Override
	public String toString() {
		return "Actor '" + this.name + "'";
	}

	/**
	 * One message on its way.
	 */
	private final class Delivery implements Runnable {

		private final M message;

		private final @Nullable CompletableFuture<?> answer;

		private @Nullable CompletableFuture<Void> accepted;

		/** Handles the message within what the hooks have put around that, if any. */
		private final @Nullable Runnable decorated;

		/** Whether a hook got to the message. Only for the strand. */
		private boolean reached;

		Delivery(M message, @Nullable CompletableFuture<?> answer) {
			this.message = message;
			this.answer = answer;
			ActorRegistry registry = ActorRef.this.registry;
			this.decorated = registry.isDecorating() ? registry.life().decorate(this::handle) : null;
		}

		@Override
		public void run() {
			ActorRef.this.mailbox.take();
			letIn();
			if (ActorRef.this.discarding) {
				refuse(new ActorStoppedException(ActorRef.this.name));
				return;
			}
			if (this.decorated != null) {
				handleDecorated(this.decorated);
			}
			else {
				handle();
			}
		}

		/**
		 * Tells whoever waits for an answer also if a hook has kept the message away.
		 */
		private void handleDecorated(Runnable decorated) {
			Throwable failure = null;
			try {
				decorated.run();
			}
			catch (Throwable ex) {
				failure = ex;
				Failures.warn(ActorRegistry.logger, ex, "A hook threw an exception at a message for {}", ActorRef.this);
			}
			if (!this.reached) {
				refuse((failure != null) ? failure : new IllegalStateException("A hook has not run the message"));
			}
		}

		private void handle() {
			this.reached = true;
			Throwable failure = ActorRef.this.cell.handle(this.message);
			if (failure != null) {
				refuse(failure);
				if (ActorRef.this.cell.isBroken()) {
					stopDiscarding();
				}
			}
		}

		@SuppressWarnings("NullAway") // there is no other Void
		void accept() {
			if (this.accepted != null) {
				Stages.complete(this.accepted, null);
			}
		}

		void refuse(Throwable reason) {
			if (this.accepted != null) {
				Stages.fail(this.accepted, reason);
			}
			if (this.answer != null) {
				Stages.fail(this.answer, reason);
			}
		}

	}

}
