package dev.loopline.autoconfigure.limits;

/**
 * Thrown when limits cannot be what was declared.
 */
public final class InvalidLimitException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	/**
	 * Says what is wrong.
	 * @param message with the key and the value
	 * @param remedy what to do
	 */
	public InvalidLimitException(String message, String remedy) {
		super(message);
		this.remedy = remedy;
	}

	/**
	 * Says that a setting has a value that it cannot have.
	 * @param key the setting
	 * @param value its value
	 * @param problem why not
	 * @param remedy what to do
	 * @return the exception
	 */
	public static InvalidLimitException of(String key, Object value, String problem, String remedy) {
		return new InvalidLimitException("The value '%s' of '%s' %s".formatted(value, key, problem), remedy);
	}

	String remedy() {
		return this.remedy;
	}

}
