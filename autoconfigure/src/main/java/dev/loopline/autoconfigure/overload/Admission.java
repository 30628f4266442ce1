package dev.loopline.autoconfigure.overload;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;

import dev.loopline.runtime.QueueDelay;
import dev.loopline.runtime.TaskRuntime;

/**
 * Decides which requests are refused at the door while the server is overloaded. Safe for
 * use by many threads.
 */
public final class Admission {

	private static final Logger logger = LoggerFactory.getLogger(Admission.class);

	private static final long HOUR_NANOS = 3_600_000_000_000L;

	private final Supplier<TaskRuntime> source;

	private final RequestClasses classes;

	private final AdmittedShare share;

	private final AdmittedClasses admitted = new AdmittedClasses();

	private final LongAdder[] refused = new LongAdder[RequestPriority.COUNT];

	private final AtomicBoolean updating = new AtomicBoolean();

	/** Only while updating. */
	private long refusedBefore;

	private @Nullable TaskRuntime runtime;

	/** Of the last interval that was looked at. */
	private volatile long intervals;

	private volatile boolean calm = true;

	private volatile double lastShare = 1;

	private volatile boolean overloaded;

	private volatile long episodes;

	Admission(Supplier<TaskRuntime> runtime, RequestClasses classes, AdmittedShare share) {
		this.source = runtime;
		this.classes = classes;
		this.share = share;
		for (int i = 0; i < this.refused.length; i++) {
			this.refused[i] = new LongAdder();
		}
	}

	/**
	 * Decides about a request, and counts it if it is refused.
	 */
	boolean admits(ServerHttpRequest request) {
		QueueDelay delay = delay();
		if (delay.intervals() != this.intervals) {
			update(delay);
		}
		return this.calm || decide(request);
	}

	private boolean decide(ServerHttpRequest request) {
		RequestPriority priority = this.classes.priority(request);
		if (priority == null || TaskRuntime.current() != runtime()) {
			return true; // also what comes to a management port of its own, which has
							// another runtime
		}
		long client = salted(this.classes.client(request), runtime().config().ticker().nanos());
		boolean admitted = this.admitted.admits(priority, client);
		if (!admitted) {
			this.refused[priority.ordinal()].increment();
		}
		return admitted;
	}

	/** Another client is unlucky in the next hour. */
	static long salted(long client, long nanos) {
		return client ^ (nanos / HOUR_NANOS << Integer.SIZE);
	}

	/**
	 * Looks at the delay once in each interval, on whichever thread comes first.
	 */
	private void update(QueueDelay delay) {
		if (!this.updating.compareAndSet(false, true)) {
			return;
		}
		try {
			long intervals = delay.intervals();
			long count = intervals - this.intervals;
			if (count != 0) {
				ended(Math.max(1, count), delay.nanos());
				this.intervals = intervals;
			}
		}
		finally {
			this.updating.set(false);
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
	void ended(long count, long delayNanos) {
		this.share.ended(count, delayNanos);
		if (!this.share.isCalm() || !this.calm) {
			this.admitted.divide(this.share.share());
		}
		this.lastShare = this.share.share();
		this.calm = this.share.isCalm();
		boolean before = this.overloaded;
		this.overloaded = this.share.isOverloaded();
		if (this.overloaded && !before) {
			this.episodes++;
			this.refusedBefore = refused();
			logger.warn("Overloaded: requests wait for a worker for too long, and some are refused with 503 until that "
					+ "is over (loopline.web.overload=off serves all of them, late)");
		}
		else if (before && !this.overloaded) {
			logger.info("Not overloaded any more: {} requests were refused", refused() - this.refusedBefore);
		}
	}

	private QueueDelay delay() {
		return runtime().diagnostics().queueDelay();
	}

	private TaskRuntime runtime() {
		TaskRuntime runtime = this.runtime;
		if (runtime == null) {
			runtime = this.source.get();
			this.runtime = runtime; // whoever else gets there has the same
		}
		return runtime;
	}

	private long refused() {
		long sum = 0;
		for (LongAdder count : this.refused) {
			sum += count.sum();
		}
		return sum;
	}

	long refused(RequestPriority priority) {
		return this.refused[priority.ordinal()].sum();
	}

	double share() {
		refresh();
		return this.lastShare;
	}

	double delaySeconds() {
		return delay().nanos() / 1e9;
	}

	/**
	 * Else nobody would notice the end of an overload that ends with the last request.
	 */
	private void refresh() {
		QueueDelay delay = delay();
		if (delay.intervals() != this.intervals) {
			update(delay);
		}
	}

	/**
	 * Returns what is decided now.
	 * @return a view of this moment
	 */
	public Snapshot snapshot() {
		refresh();
		Map<String, Long> refused = new TreeMap<>();
		for (RequestPriority priority : RequestPriority.values()) {
			refused.put(priority.label, refused(priority));
		}
		return new Snapshot(this.overloaded, this.lastShare, delay().nanos(), this.episodes, refused);
	}

	/**
	 * What is decided at one moment. Immutable.
	 *
	 * @param overloaded whether there is an overload, or was one some seconds ago
	 * @param admitted the share of the requests that is served, above 0 and at most 1
	 * @param delayNanos the shortest time that whatever is queued waited in the last
	 * tenth of a second
	 * @param episodes overloads since the start
	 * @param refused the requests that were refused, by their priority
	 */
	public record Snapshot(boolean overloaded, double admitted, long delayNanos, long episodes,
			Map<String, Long> refused) {
	}

}
