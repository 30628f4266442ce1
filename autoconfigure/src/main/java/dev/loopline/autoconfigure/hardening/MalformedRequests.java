package dev.loopline.autoconfigure.hardening;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one malformed request in an interval be logged by Reactor Netty, and counts the
 * others. Safe for use by many threads.
 */
final class MalformedRequests {

	private static final Logger logger = LoggerFactory.getLogger(MalformedRequests.class);

	private final long intervalNanos;

	@GuardedBy("this")
	private boolean logged;

	@GuardedBy("this")
	private long lastNanos;

	@GuardedBy("this")
	private long others;

	MalformedRequests(long intervalNanos) {
		this.intervalNanos = intervalNanos;
	}

	/**
	 * Counts one.
	 * @return whether it may be logged
	 */
	synchronized boolean mayLog(long now) {
		if (this.logged && now - this.lastNanos < this.intervalNanos) {
			this.others++;
			return false;
		}
		if (this.others > 0) {
			logger.warn("{} more requests were malformed since the last one that was logged", this.others);
		}
		this.logged = true;
		this.lastNanos = now;
		this.others = 0;
		return true;
	}

}
