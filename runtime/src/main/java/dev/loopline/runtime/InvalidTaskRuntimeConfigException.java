package dev.loopline.runtime;

import java.util.Objects;

/**
 * A value of a {@link TaskRuntimeConfig} is out of range.
 */
public class InvalidTaskRuntimeConfigException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String name;

	private final String value;

	private final String allowed;

	/**
	 * Creates an exception.
	 * @param name what has the value: a component of the configuration, or a setting of
	 * whoever embeds the runtime
	 * @param value the value that is refused
	 * @param allowed a phrase such as "from 1 to 1024"
	 */
	public InvalidTaskRuntimeConfigException(String name, Object value, String allowed) {
		super("'%s' must be %s, but was %s".formatted(name, allowed, value));
		this.name = Objects.requireNonNull(name, "name");
		this.value = value.toString();
		this.allowed = Objects.requireNonNull(allowed, "allowed");
	}

	/**
	 * Returns the component of the configuration.
	 * @return its name
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Returns the value that was refused.
	 * @return the value as text
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Returns what would have been accepted.
	 * @return a phrase such as "from 1 to 1024"
	 */
	public String getAllowed() {
		return this.allowed;
	}

}
