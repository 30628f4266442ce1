package dev.loopline.autoconfigure.limits;

import java.util.Locale;

/**
 * What became of a request at a limit.
 */
enum LimitOutcome {

	/** It was handed to its handler. It may yet be timed out. */
	ACCEPTED,

	/** There were too many at a time. */
	REFUSED,

	/** There were too many of its client. */
	RATE_LIMITED,

	/** It was not answered in time, be it that it waited or that it was handled. */
	TIMED_OUT;

	String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
