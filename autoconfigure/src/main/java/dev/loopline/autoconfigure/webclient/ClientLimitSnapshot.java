package dev.loopline.autoconfigure.webclient;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.loopline.layers.AdaptiveLimitLayer;
import dev.loopline.layers.ThrottleLayer;

/**
 * A limit of requests that are sent, at a moment.
 *
 * @param name its name
 * @param timeout the longest time in all
 * @param attemptTimeout the longest time of an attempt
 * @param hedgeDelay after which a request is sent a second time now
 * @param requests what became of them
 * @param hosts those that have layers of their own
 */
public record ClientLimitSnapshot(String name, @Nullable Duration timeout, @Nullable Duration attemptTimeout,
		@Nullable Duration hedgeDelay, Map<String, Long> requests, Map<String, Host> hosts) {

	/**
	 * A host.
	 *
	 * @param maxConcurrent how many requests it gets at a time
	 * @param inFlight how many it has
	 * @param throttled the share of its requests that is refused here
	 */
	public record Host(@Nullable Integer maxConcurrent, @Nullable Integer inFlight, @Nullable Double throttled) {

		static Host of(ThrottleLayer<?, ?> throttle) {
			return new Host(null, null, throttle.refusedShare());
		}

		static Host of(AdaptiveLimitLayer<?, ?> limit) {
			return new Host(limit.maxConcurrent(), limit.inFlight(), null);
		}

		Host with(Host limit) {
			return new Host(limit.maxConcurrent, limit.inFlight, this.throttled);
		}

	}

}
