package dev.loopline.runtime.internal.stall;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Tells the application's frames of a stack from those of frameworks. Immutable.
 */
final class ApplicationFrames {

	/** What runs an application without being one. */
	private static final List<String> FRAMEWORKS = List.of("java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.",
			"kotlin.", "kotlinx.", "scala.", "groovy.", "org.codehaus.groovy.", "io.netty.", "reactor.",
			"org.reactivestreams.", "org.springframework.", "io.micrometer.", "io.opentelemetry.", "org.slf4j.",
			"ch.qos.logback.", "org.apache.logging.", "dev.loopline.runtime.", "dev.loopline.autoconfigure.");

	private static final String[] JDK = { "java.", "javax.", "jdk.", "sun.", "com.sun." };

	/** What runs everything and is to blame for nothing. */
	private static final String[] OWN = { "dev.loopline.runtime.", "dev.loopline.autoconfigure." };

	/** What loads and links classes, which happens once per class. */
	private static final String[] LOADERS = { "java.lang.ClassLoader", "jdk.internal.loader.",
			"java.lang.invoke.MethodHandleNatives" };

	private final String[] frameworks;

	private final String[] applications;

	private final Set<String> pollingClasses;

	/**
	 * Creates a filter.
	 * @param frameworks packages to skip beside the well-known ones
	 * @param applications packages whose frames are preferred to all others
	 * @param pollingClasses the classes whose method {@code poll} runs code of the
	 * application
	 */
	ApplicationFrames(Collection<String> frameworks, Collection<String> applications, Set<String> pollingClasses) {
		this.frameworks = Stream.concat(FRAMEWORKS.stream(), frameworks.stream().map(ApplicationFrames::prefix))
			.toArray(String[]::new);
		this.pollingClasses = pollingClasses;
		this.applications = applications.stream().map(ApplicationFrames::prefix).toArray(String[]::new);
	}

	private static String prefix(String name) {
		return name.endsWith(".") ? name : name + ".";
	}

	/**
	 * Returns the innermost frame of the application's own packages, else the innermost
	 * that is no framework's.
	 */
	@Nullable StackTraceElement find(List<StackTraceElement> stack) {
		StackTraceElement foreign = null;
		for (StackTraceElement frame : stack) {
			String name = frame.getClassName();
			if (startsWithAny(name, this.applications)) {
				return frame;
			}
			if (foreign == null && !startsWithAny(name, this.frameworks)) {
				foreign = frame;
			}
		}
		return foreign;
	}

	/**
	 * Returns the application's frames, the innermost first: those of its own packages if
	 * these are known, else all that are no framework's.
	 */
	List<StackTraceElement> findAll(List<StackTraceElement> stack) {
		return stack.stream()
			.filter((frame) -> (this.applications.length > 0) ? startsWithAny(frame.getClassName(), this.applications)
					: !startsWithAny(frame.getClassName(), this.frameworks))
			.toList();
	}

	/**
	 * Returns the frame to count a stall under that has none of the application's: the
	 * innermost outside the JDK or, if a poll ran a method of the JDK itself, that one.
	 * @return {@code null} if it is our own doing
	 */
	@SuppressWarnings("ReferenceEquality") // one and the same frame of the stack
	@Nullable StackTraceElement innermostOutsideTheJdk(List<StackTraceElement> stack) {
		StackTraceElement outside = null;
		for (StackTraceElement frame : stack) {
			if (!startsWithAny(frame.getClassName(), JDK)) {
				outside = frame;
				break;
			}
		}
		StackTraceElement top = stack.get(0);
		if (outside == null || !startsWithAny(outside.getClassName(), OWN)) {
			return (outside != null) ? outside : top;
		}
		return (outside != top && this.pollingClasses.contains(outside.getClassName())) ? top : null;
	}

	/**
	 * Returns whether a class is being loaded, within the given frame if there is one.
	 */
	static boolean isLoading(List<StackTraceElement> stack, @Nullable StackTraceElement frame) {
		int depth = (frame != null) ? stack.indexOf(frame) : stack.size();
		return stack.subList(0, depth).stream().anyMatch((called) -> startsWithAny(called.getClassName(), LOADERS));
	}

	private static boolean startsWithAny(String name, String[] prefixes) {
		for (String prefix : prefixes) {
			if (name.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

}
