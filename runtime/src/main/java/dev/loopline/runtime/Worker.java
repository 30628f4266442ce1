package dev.loopline.runtime;

import java.util.Arrays;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.time.Ticker;

/**
 * A logical worker: a driver, a timer wheel, and the thread that owns them at the moment.
 * Thieves and wakers may be any thread; driver and wheel belong to the holder of the
 * token.
 */
final class Worker {

	private static final Logger logger = LoggerFactory.getLogger(Worker.class);

	private static final int INBOX_CHUNK = 128;

	/** More timers than that are not left for a sleeper to find: 100 kB. */
	private static final int MAX_INBOX = 1024;

	/** No point in time, as far from all others as can be. */
	private static final long AWAKE = Long.MIN_VALUE;

	final int index;

	final DriverToken token = new DriverToken();

	final IoDriver driver;

	private final Ticker ticker;

	private final TimerWheel wheel;

	/** Timers that were armed or cancelled since the token holder last looked. */
	private final MessagePassingQueue<StrandTimer> timerInbox = new MpscUnboundedAtomicArrayQueue<>(INBOX_CHUNK);

	/** Strands that only this worker may run. */
	private final MessagePassingQueue<Work> pinned = new MpscUnboundedAtomicArrayQueue<>(INBOX_CHUNK);

	/**
	 * What the last new timer was armed for, until then. Belongs to the holder of the
	 * token.
	 */
	private long latestDeadline = Long.MAX_VALUE;

	/** Whether a pinned strand came before the others last time. Only for the owner. */
	private boolean pinnedTurn;

	/** Whether a pinned strand was deferred last time. Only for the owner. */
	private boolean pinnedDeferred;

	/** The thread that runs this worker; null before the start and after the end. */
	volatile @Nullable WorkerThread owner;

	/** The thread that wants this worker back; see {@link Handoff}. */
	volatile @Nullable WorkerThread heir;

	/** Rung by a waker that picked this worker; a reason not to block. */
	private volatile boolean doorbell;

	/** When the owner, which is about to sleep or sleeps, will wake up by itself. */
	private volatile long wakeUpNanos = AWAKE;

	/** When the driver was polled last. Written by the holder of the token. */
	private volatile long lastDriverPoll;

	/** Whether the driver failed in the shutdown: there is no use in waiting for it. */
	volatile boolean failed;

	/** Whether the shutdown has closed what was registered. */
	volatile boolean prepared;

	/** Kept for snapshots. Written by the holder of the token. */
	private volatile int timersArmed;

	/** Kept only while the clock is paused. Written by the holder of the token. */
	private volatile long nextDeadline = Long.MAX_VALUE;

	Worker(int index, IoDriver.Factory driverFactory, Ticker ticker) {
		this.index = index;
		this.ticker = ticker;
		this.wheel = new TimerWheel(ticker.nanos());
		this.driver = driverFactory.create(this.token);
	}

	/**
	 * Creates workers, or none if a driver cannot be made.
	 */
	static Worker[] create(int count, IoDriver.Factory driverFactory, Ticker ticker) {
		Worker[] workers = new Worker[count];
		int created = 0;
		try {
			for (; created < count; created++) {
				workers[created] = new Worker(created, driverFactory, ticker);
			}
			return workers;
		}
		finally {
			if (created < count) {
				Arrays.stream(workers, 0, created).forEach(Worker::destroy);
			}
		}
	}

	void arm(StrandTimer timer) {
		this.timerInbox.offer(timer);
		WorkerThread current = WorkerThread.current();
		// Both are read after the offer: who becomes the owner
		// or goes to sleep later looks into the inbox itself.
		if ((current == null || current != this.owner) && sleepsTooLongFor(timer)) {
			wakeUp();
		}
	}

	/**
	 * Returns whether the owner sleeps and would wake up after the timer is due, or there
	 * are so many timers that it should take them to its wheel.
	 */
	private boolean sleepsTooLongFor(StrandTimer timer) {
		long wakeUp = this.wakeUpNanos;
		return wakeUp != AWAKE && (timer.deadlineNanos() - wakeUp < 0 || wakeUp == Long.MAX_VALUE
				|| this.ticker.isPaused() || this.timerInbox.size() > MAX_INBOX);
	}

	/**
	 * Queues work that only this worker may run.
	 */
	void schedulePinned(Work work, @Nullable WorkerThread current) {
		this.pinned.offer(work);
		if (current == null || current != this.owner) {
			wakeUp();
		}
	}

	/**
	 * Queues a pinned strand again that cannot run yet, as another thread has the token.
	 * It may be stuck: other work comes first. Only for the owner.
	 */
	void deferPinned(Work work, WorkerThread current) {
		this.pinnedTurn = true;
		this.pinnedDeferred = true;
		schedulePinned(work, current);
	}

	/**
	 * Returns whether a pinned strand is next: they take turns with the others while
	 * there are both. Only for the owner.
	 */
	boolean isPinnedTurn() {
		boolean turn = !this.pinnedTurn && hasPinned();
		if (turn != this.pinnedTurn) {
			this.pinnedTurn = turn; // others read what lies beside it
		}
		if (turn && this.pinnedDeferred) {
			this.pinnedDeferred = false;
		}
		return turn;
	}

	/**
	 * Takes the next pinned strand, unless one was just deferred. Only for the owner.
	 */
	@Nullable Work nextPinned() {
		if (this.pinnedDeferred) {
			this.pinnedDeferred = false;
			return null;
		}
		return this.pinned.relaxedPoll();
	}

	/**
	 * Closes the pinned strands that wait. Only after the end, when there is no owner.
	 */
	synchronized void closePinned() {
		Work work;
		while ((work = this.pinned.relaxedPoll()) != null) {
			work.closeSafely();
		}
	}

	boolean hasPinned() {
		return !this.pinned.isEmpty();
	}

	void disarm(StrandTimer timer) {
		this.timerInbox.offer(timer);
	}

	/**
	 * Asks the stand-in, which may be about to sleep, for this worker.
	 */
	void askBack(WorkerThread heir) {
		this.heir = heir;
		ringDoorbell();
	}

	void ringDoorbell() {
		this.doorbell = true;
		wakeUp();
	}

	/**
	 * Wakes who sleeps in the driver. Never throws, as the caller is in the middle of
	 * something.
	 */
	private void wakeUp() {
		try {
			this.driver.wakeup();
		}
		catch (Throwable ex) {
			Failures.error(logger, ex, "The driver of worker {} failed to wake up", this.index);
		}
	}

	void silenceDoorbell() {
		this.doorbell = false;
	}

	/**
	 * Dispatches ready events and due timers without blocking. Only for the holder of the
	 * token.
	 * @return the number of events and timers
	 */
	int pollNow() {
		return poll(NON_BLOCKING);
	}

	/**
	 * Blocks until an event, a timer or a wake-up. Only for the holder of the token.
	 * @return the number of events and timers
	 */
	int pollBlocking() {
		int fired = runTimers();
		if (fired > 0) {
			return fired + this.driver.poll(NON_BLOCKING);
		}
		return poll(this.blocking) + runTimers();
	}

	private int poll(IoDriver.PollContext context) {
		int fired = runTimers();
		if (context == this.blocking) {
			// The wheel rests until the driver returns,
			// which looks into the inbox before it sleeps.
			this.wakeUpNanos = nextWakeUp();
		}
		int events = this.driver.poll(context);
		if (context == this.blocking) {
			this.wakeUpNanos = AWAKE;
		}
		long now = this.ticker.nanos();
		this.lastDriverPoll = now;
		if (now - this.latestDeadline >= 0) {
			this.latestDeadline = Long.MAX_VALUE;
		}
		return fired + events;
	}

	/**
	 * Returns when to wake up without a reason. Not never while timers come and go: the
	 * next one would have to wake the sleeper.
	 */
	private long nextWakeUp() {
		long deadline = this.wheel.nextDeadlineNanos();
		return (deadline == Long.MAX_VALUE) ? this.latestDeadline : deadline;
	}

	private int runTimers() {
		StrandTimer timer;
		while ((timer = this.timerInbox.relaxedPoll()) != null) {
			this.latestDeadline = timer.deadlineNanos();
			if (!timer.link()) {
				this.wheel.remove(timer);
			}
			else if (this.ticker.isPaused() && timer.deadlineNanos() - this.ticker.nanos() <= 0) {
				timer.fire(); // the next tick may never come
			}
			else {
				this.wheel.add(timer);
			}
		}
		int fired = (this.wheel.size() > 0) ? this.wheel.advance(this.ticker.nanos()) : 0;
		if (this.timersArmed != this.wheel.size()) {
			this.timersArmed = this.wheel.size();
		}
		if (this.ticker.isPaused()) {
			this.nextDeadline = this.wheel.nextDeadlineNanos();
		}
		return fired;
	}

	/**
	 * Returns whether the dispatch that precedes a blocking poll has queued strands on
	 * the thread that is about to block.
	 */
	private boolean hasQueuedStrands() {
		WorkerThread owner = this.owner;
		return owner != null && owner.hasQueuedWork();
	}

	/**
	 * Cancels every timer and frees the driver.
	 * @return {@code false} if a thread is stuck that holds the token
	 */
	boolean destroy() {
		if (!this.token.tryAcquire()) {
			return false;
		}
		try {
			Failures.attempt(logger, this::runTimers);
			abandonInbox();
			this.wheel.clear();
			this.driver.destroy();
			return true;
		}
		finally {
			this.token.release();
		}
	}

	/**
	 * Gives up what is left in the inbox behind a timer whose thread has not got to the
	 * end of putting it there: that one gives up its own, but nobody would what is
	 * behind.
	 */
	private void abandonInbox() {
		StrandTimer timer;
		while ((timer = this.timerInbox.poll()) != null) {
			timer.abandon();
		}
	}

	long lastDriverPoll() {
		return this.lastDriverPoll;
	}

	/**
	 * Returns whether nothing was asked of this worker since it last looked.
	 */
	boolean isUndisturbed() {
		return !this.doorbell && this.timerInbox.isEmpty() && !hasPinned();
	}

	/**
	 * Returns when the next timer is due, if the clock is paused.
	 */
	long nextDeadlineNanos() {
		return this.nextDeadline;
	}

	int timersArmed() {
		return this.timersArmed;
	}

	private static final IoDriver.PollContext NON_BLOCKING = new IoDriver.PollContext() {

		@Override
		public boolean canBlock() {
			return false;
		}

		@Override
		public long deadlineNanos() {
			return Long.MAX_VALUE;
		}

	};

	private final IoDriver.PollContext blocking = new IoDriver.PollContext() {

		@Override
		public boolean canBlock() {
			return !Worker.this.doorbell && !hasPinned() && !hasQueuedStrands() && Worker.this.timerInbox.isEmpty()
					&& !Worker.this.driver.hasWork();
		}

		@Override
		public long deadlineNanos() {
			return Worker.this.ticker.isPaused() ? Long.MAX_VALUE : nextWakeUp();
		}

	};

}
