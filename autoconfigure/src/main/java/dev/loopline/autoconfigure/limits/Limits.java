package dev.loopline.autoconfigure.limits;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits a handler method, or those of a controller together, as the properties
 * {@code loopline.web.limits.*} do. Of a controller and one of its methods the method's
 * counts, for all of it.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Limits {

	/**
	 * Returns what meters and the endpoint call it.
	 * @return a name; the controller's and the method's if empty
	 */
	String name() default "";

	/**
	 * Returns the longest time until the answer begins, from the request's arrival.
	 * @return a duration such as {@code 2s}, or nothing for no limit
	 */
	String timeout() default "";

	/**
	 * Returns how many requests may be handled at a time.
	 * @return the number, or -1 for no limit
	 */
	int maxConcurrent() default -1;

	/**
	 * Returns how many more may wait.
	 * @return the number, or -1 for none
	 */
	int maxQueue() default -1;

	/**
	 * Returns for how long a request may wait.
	 * @return a duration; nothing stands for a second
	 */
	String maxWait() default "";

	/**
	 * Returns how many requests may come in a time.
	 * @return at most one rate
	 */
	Rate[] rate() default {};

	/**
	 * Returns how much the requests matter.
	 * @return at most one priority
	 */
	Priority[] priority() default {};

	/**
	 * How many requests may come in a time.
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@interface Rate {

		/**
		 * Returns how many requests may come in a period.
		 * @return the number
		 */
		int permits();

		/**
		 * Returns the period.
		 * @return a duration
		 */
		String period() default "1s";

		/**
		 * Returns how many may come at once after a pause.
		 * @return the number, or -1 for as many as in a period
		 */
		int burst() default -1;

		/**
		 * Returns whose requests are counted together.
		 * @return the key
		 */
		RateKey key() default RateKey.EVERYBODY;

		/**
		 * Returns the header that is the key.
		 * @return its name, if the key is one
		 */
		String header() default "";

		/**
		 * Returns whether answers say how many requests are left.
		 * @return whether they have RateLimit headers
		 */
		boolean headers() default false;

		/**
		 * Returns where permits are counted.
		 * @return the store
		 */
		RateStore store() default RateStore.LOCAL;

	}

}
