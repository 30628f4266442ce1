package dev.loopline.autoconfigure.limits;

/**
 * Makes rates that several instances share.
 */
@FunctionalInterface
interface SharedRates {

	/** There is nothing to share them by. */
	SharedRates NONE = (limit, rate, key) -> {
		throw InvalidLimitException.of(key, "redis", "needs Bucket4j and Lettuce, which are not on the class path",
				"Add com.bucket4j:bucket4j_jdk17-lettuce and org.springframework.boot:spring-boot-starter-data-redis,"
						+ " or set it to local for a rate of each instance.");
	};

	/**
	 * Makes a rate.
	 * @param limit the name of the limit, which all instances know it by
	 * @param rate how many requests in a time
	 * @param key what the setting is called that asks for it
	 * @throws InvalidLimitException if it cannot be shared
	 */
	SharedRate newRate(String limit, LimitSettings.Rate rate, String key);

}
