package dev.loopline.runtime.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.loopline.runtime.io.IoReadiness;

/**
 * Keeps a level-triggered source of events from repeating itself while its strand is
 * busy: repeats are merged, and a source that repeats beside a running strand is muted.
 * Spares the kernel what it need not know: that nobody reads for the moment.
 */
abstract class ReadinessGate extends IoReadiness {

	/*-
	 * The protocol
	 * ------------
	 * wanted  the interest that the channel asked for; written by the strand under the monitor
	 * muted   whether the kernel's interest is off; written under the monitor
	 * pending the events that are not yet delivered; zero means that nothing is queued
	 *
	 * 1. event (holder of the driver token): add to pending. It was empty: queue this readiness. It was
	 *    not, and the strand runs on another thread: mute, or the driver would spin. A strand that
	 *    merely waits in a queue is left alone: it runs soon, and two system calls per event are dear.
	 * 2. submit (strand): remember what is wanted; tell the kernel unless muted, or unless only reads are
	 *    no longer wanted. They are again after most answers, and often nothing comes before that.
	 * 3. serve (strand): take pending, deliver what is wanted, and unmute if muted. Something came that
	 *    is not wanted: tell the kernel now, or it would repeat it for ever.
	 *
	 * Mute and serve race. The muter writes muted and then reads pending, the strand clears pending and
	 * then reads muted; both are volatile, so at least one of them sees the other and unmutes. Kernel
	 * calls happen inside the monitor, so that a stale interest can never overwrite a newer one.
	 * At rest (nothing pending, strand idle) the kernel's interest is the wanted one, and at most reads
	 * besides of which none has come.
	 */

	private static final VarHandle PENDING;

	static {
		try {
			PENDING = MethodHandles.lookup().findVarHandle(ReadinessGate.class, "pending", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@SuppressWarnings("unused")
	private volatile int pending;

	private volatile boolean muted;

	private int wanted;

	/** What the kernel was told last, but for a mute. */
	@GuardedBy("this")
	private int told;

	/**
	 * Takes note of events. Only for the holder of the driver token.
	 */
	final void event(int events) {
		int before = (int) PENDING.getAndBitwiseOr(this, events);
		if (before == 0) {
			enqueue();
		}
		else if (!this.muted && isBusy()) {
			mute();
		}
	}

	/**
	 * Sets the interest of the channel. Only for the strand.
	 */
	final synchronized void want(int interest) {
		this.wanted = interest;
		boolean wider = (interest & ~this.told) != 0;
		if (!this.muted && (wider || (this.told & ~interest & ~reads()) != 0)) {
			tell();
		}
	}

	@GuardedBy("this")
	private void tell() {
		this.told = this.wanted;
		applyInterest(this.wanted);
	}

	@Override
	public final void serve() {
		int pending = (int) PENDING.getAndSet(this, 0);
		int events = stillWanted(pending);
		if (events != 0) {
			deliver(events);
		}
		if (this.muted) {
			unmute();
		}
		else if (events != pending) {
			withdraw();
		}
	}

	private synchronized void withdraw() {
		if (!this.muted && this.told != this.wanted) {
			tell();
		}
	}

	private synchronized void mute() {
		this.muted = true;
		if (this.pending == 0) {
			this.muted = false;
			return;
		}
		noteMuted();
		applyMute();
		if (this.pending == 0) {
			unmute();
		}
	}

	private synchronized void unmute() {
		if (this.muted) {
			this.muted = false;
			tell();
		}
	}

	/**
	 * Drops events whose interest was withdrawn while they waited; the kernel repeats
	 * them when it is asked again.
	 */
	private int stillWanted(int events) {
		return events & (wanted() | unmaskable());
	}

	/**
	 * Returns the interest of the channel. Only for the strand, which alone changes it.
	 */
	final int wanted() {
		return this.wanted;
	}

	/**
	 * Returns the events that the kernel reports without being asked.
	 */
	abstract int unmaskable();

	/**
	 * Tells the kernel again what it should know already, for transports whose calls are
	 * deferred.
	 */
	final synchronized void reapply() {
		if (this.muted) {
			applyMute();
		}
		else {
			tell();
		}
	}

	/**
	 * Returns the events for which the kernel need not be told at once that they are not
	 * wanted: those that come of a peer's doing.
	 */
	abstract int reads();

	/**
	 * Queues this readiness with its strand.
	 */
	abstract void enqueue();

	/**
	 * Returns whether the strand runs on another thread or waits beside the workers, so
	 * that a repeated event would find it busy again.
	 */
	abstract boolean isBusy();

	/**
	 * Called when the source is silenced, by the holder of the driver token.
	 */
	void noteMuted() {
	}

	/**
	 * Hands events to the channel.
	 */
	abstract void deliver(int events);

	/**
	 * Sets the kernel's interest.
	 */
	@GuardedBy("this")
	abstract void applyInterest(int interest);

	/**
	 * Silences the kernel without forgetting the source.
	 */
	@GuardedBy("this")
	abstract void applyMute();

}
