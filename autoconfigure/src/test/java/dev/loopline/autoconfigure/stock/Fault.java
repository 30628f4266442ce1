package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What handlers throw.
 */
enum Fault {

	CHECKED, RUNTIME, STATUS, ASSERTION, STACK, MEMORY, LINKAGE, DEATH, INTERNAL;

	/**
	 * Throws what a name ends with, if it names a fault.
	 */
	static void raise(String name) {
		String kind = name.substring(name.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT);
		Arrays.stream(values())
			.filter((fault) -> fault.name().equals(kind))
			.forEach((fault) -> Fault.<RuntimeException>raise(fault.make()));
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void raise(Throwable ex) throws T {
		throw (T) ex;
	}

	@SuppressWarnings("removal")
	Throwable make() {
		return switch (this) {
			case CHECKED -> new IOException("checked");
			case RUNTIME -> new IllegalStateException("runtime");
			case STATUS -> new ResponseStatusException(HttpStatus.I_AM_A_TEAPOT, "status");
			case ASSERTION -> new AssertionError("assertion");
			case STACK -> new StackOverflowError("stack");
			case MEMORY -> new OutOfMemoryError("memory");
			case LINKAGE -> new NoClassDefFoundError("linkage");
			case DEATH -> new ThreadDeath();
			case INTERNAL -> new InternalError("internal");
		};
	}

	boolean isError() {
		return make() instanceof Error;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
