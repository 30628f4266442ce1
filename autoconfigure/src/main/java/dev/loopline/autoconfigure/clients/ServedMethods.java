package dev.loopline.autoconfigure.clients;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The methods that a server has served, by name, so many that a client which invents
 * names cannot fill the memory. Safe for use by many threads.
 */
final class ServedMethods {

	/** Proxies may serve any name that a client asks for. */
	private static final int MAX_METHODS = 1000;

	private final ConcurrentMap<String, ServedMethod> methods = new ConcurrentHashMap<>();

	/**
	 * Returns the method of a name: a new one each time once there are too many.
	 */
	ServedMethod get(String name) {
		ServedMethod known = this.methods.get(name);
		if (known != null) {
			return known;
		}
		return (this.methods.size() < MAX_METHODS) ? this.methods.computeIfAbsent(name, ServedMethod::new)
				: new ServedMethod(name);
	}

}
