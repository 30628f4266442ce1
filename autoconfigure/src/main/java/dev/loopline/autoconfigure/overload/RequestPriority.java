package dev.loopline.autoconfigure.overload;

import java.util.Locale;

/**
 * Which requests are refused first while there are too many: the last ones here.
 */
enum RequestPriority {

	/** Refused when all others are. */
	CRITICAL,

	/** What is nothing else. */
	NORMAL,

	/** Refused first: somebody can do without it, or comes again. */
	SHEDDABLE;

	static final int COUNT = values().length;

	/** Of a header or a tag. */
	final String label = name().toLowerCase(Locale.ROOT);

}
