package dev.loopline.demo;

/**
 * A request parameter that is a whole number between two limits.
 *
 * @param name the name of the parameter
 * @param min the smallest allowed value
 * @param max the largest allowed value
 */
record NumberParameter(String name, long min, long max) {

	long parse(String text) {
		try {
			long value = Long.parseLong(text);
			if (value >= this.min && value <= this.max) {
				return value;
			}
		}
		catch (NumberFormatException ex) {
			// Treated like a number out of range
		}
		throw new BadParameterException(this.name, "a whole number from " + this.min + " to " + this.max);
	}

}
