package dev.loopline.autoconfigure.limits;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Where limits are declared at handlers.
 *
 * @param type the controller
 * @param method the method, or {@code null} for the controller
 */
record HandlerPlace(Class<?> type, @Nullable Method method) {

	/**
	 * Returns what it is called: as short as it can be told from others, and the same
	 * with every start.
	 * @param all places, this among them
	 */
	String name(Collection<HandlerPlace> all) {
		List<String> names = names();
		for (int i = 0; i < names.size() - 1; i++) {
			String name = names.get(i);
			int length = i;
			if (all.stream().noneMatch((other) -> !other.equals(this) && other.names().get(length).equals(name))) {
				return name;
			}
		}
		return names.get(names.size() - 1);
	}

	/** The shortest first. */
	private List<String> names() {
		String type = this.type.getSimpleName();
		Method method = this.method;
		if (method == null) {
			return List.of(type, type, this.type.getName());
		}
		String parameters = Stream.of(method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", ", "(", ")"));
		return List.of(type + "." + method.getName(), type + "." + method.getName() + parameters,
				this.type.getName() + "." + method.getName() + parameters);
	}

}
