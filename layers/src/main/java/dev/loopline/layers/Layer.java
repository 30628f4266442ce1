package dev.loopline.layers;

/**
 * Goes around a {@link Service} and decides what reaches it, when, and for how long. What
 * it counts belongs to the layer, so that all services that it goes around share it.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
@FunctionalInterface
public interface Layer<Q, A> {

	/**
	 * Goes around a service.
	 * @param inner the service
	 * @return a service that asks this layer first
	 */
	Service<Q, A> around(Service<Q, A> inner);

}
