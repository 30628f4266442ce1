package dev.loopline.autoconfigure.limits;

/**
 * Whose requests a rate counts together.
 */
public enum RateKey {

	/** All requests. */
	EVERYBODY,

	/**
	 * Those of one user; of whoever is not authenticated, those of one remote address.
	 */
	PRINCIPAL,

	/**
	 * Those of one remote address, of version 6 the first half of it. Forwarded headers
	 * count as far as the server uses them.
	 */
	REMOTE_ADDRESS,

	/**
	 * Those with one value of a header; without it, those of one remote address.
	 */
	HEADER

}
