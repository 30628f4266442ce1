package dev.loopline.autoconfigure.hardening;

/**
 * Thrown when a property of this package has a value that cannot be meant.
 */
final class InvalidHardeningException extends RuntimeException {

	private final String key;

	InvalidHardeningException(String key, Object value, String problem) {
		super(key + "=" + value + " " + problem);
		this.key = key;
	}

	String key() {
		return this.key;
	}

}
