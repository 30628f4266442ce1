package dev.loopline.autoconfigure.overload;

/**
 * Thrown when a property of this package has a value that cannot be meant.
 */
final class InvalidAdmissionException extends RuntimeException {

	private final String key;

	private final String value;

	InvalidAdmissionException(String key, Object value, String problem, Throwable cause) {
		super(key + "=" + value + " " + problem, cause);
		this.key = key;
		this.value = String.valueOf(value);
	}

	InvalidAdmissionException(String key, Object value, String problem) {
		super(key + "=" + value + " " + problem);
		this.key = key;
		this.value = String.valueOf(value);
	}

	String key() {
		return this.key;
	}

	String value() {
		return this.value;
	}

}
