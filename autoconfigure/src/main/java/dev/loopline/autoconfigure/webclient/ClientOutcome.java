package dev.loopline.autoconfigure.webclient;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import dev.loopline.layers.HedgeLayer.Hedge;
import dev.loopline.layers.LayerTimeoutException;
import dev.loopline.layers.OverloadedException;

/**
 * What became of a request that was to be sent, or of one of its attempts.
 */
enum ClientOutcome {

	/** There was an answer, whatever its status. */
	ANSWERED,

	/** There was an error. */
	FAILED,

	/** There was no answer in time. */
	TIMED_OUT,

	/** There were too many at a time. */
	REFUSED,

	/** Its server refused too many of those before it. */
	THROTTLED,

	/** It was sent again. */
	RETRIED,

	/** It would have been sent again. */
	RETRY_WITHOUT_BUDGET,

	/** It was sent a second time. */
	HEDGED,

	/** It would have been sent a second time. */
	HEDGE_WITHOUT_BUDGET,

	/** Its second was answered first. */
	HEDGE_WON;

	static ClientOutcome of(Throwable error) {
		if (error instanceof OverloadedException overloaded) {
			return (overloaded.reason() == OverloadedException.Reason.THROTTLED) ? THROTTLED : REFUSED;
		}
		return (error instanceof LayerTimeoutException) ? TIMED_OUT : FAILED;
	}

	static ClientOutcome of(Hedge hedge) {
		return switch (hedge) {
			case SENT -> HEDGED;
			case NO_BUDGET -> HEDGE_WITHOUT_BUDGET;
			case WON -> HEDGE_WON;
		};
	}

	static Map<ClientOutcome, LongAdder> newCounts() {
		Map<ClientOutcome, LongAdder> counts = new EnumMap<>(ClientOutcome.class);
		for (ClientOutcome outcome : values()) {
			counts.put(outcome, new LongAdder());
		}
		return Collections.unmodifiableMap(counts);
	}

	boolean isOfAnAttempt() {
		return ordinal() >= RETRIED.ordinal();
	}

	String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
