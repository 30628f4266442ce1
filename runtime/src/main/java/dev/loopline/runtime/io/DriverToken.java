package dev.loopline.runtime.io;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The right to touch one worker's driver and timers. Whoever holds it may poll, register
 * and cancel; nobody ever waits for it. Safe for use by many threads.
 */
public final class DriverToken {

	private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();

	/** Whether only one thread may ever take the token, and which, once it is known. */
	private volatile boolean reserved;

	private volatile @Nullable Thread reservedFor;

	/**
	 * Makes a token that is free.
	 */
	public DriverToken() {
	}

	/**
	 * Keeps the token for one thread, for a driver that no other thread may touch. Nobody
	 * gets it until {@link #reserveFor(Thread)} names the thread.
	 */
	public void reserve() {
		this.reserved = true;
	}

	/**
	 * Names the thread that a reserved token is kept for.
	 * @param thread the thread
	 */
	public void reserveFor(Thread thread) {
		Objects.requireNonNull(thread, "thread");
		this.reservedFor = thread;
	}

	/**
	 * Gives a reserved token back to everybody.
	 */
	public void unreserve() {
		this.reserved = false;
	}

	/**
	 * Returns whether the token is kept for one thread.
	 * @return a snapshot
	 */
	public boolean isReserved() {
		return this.reserved;
	}

	/**
	 * Takes the token if it is free.
	 * @return whether the calling thread now holds it; {@code false} also if it already
	 * did
	 */
	public boolean tryAcquire() {
		if (this.reserved && this.reservedFor != Thread.currentThread()) {
			return false;
		}
		return this.holder.get() == null && this.holder.compareAndSet(null, Thread.currentThread());
	}

	/**
	 * Gives the token back.
	 * @throws IllegalStateException if the calling thread does not hold it
	 */
	public void release() {
		if (!isHeldBy(Thread.currentThread())) {
			throw new IllegalStateException("The driver token is not held by " + Thread.currentThread().getName());
		}
		this.holder.setRelease(null);
	}

	/**
	 * Returns whether the given thread holds the token.
	 * @param thread the thread to ask for
	 * @return whether it is the holder
	 */
	public boolean isHeldBy(Thread thread) {
		Objects.requireNonNull(thread, "thread");
		return this.holder.get() == thread;
	}

}
