package dev.loopline.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Layers in order: the one that is added first sees a request first, and everything that
 * is added later, and its waiting, is inside of it. Immutable.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class Stack<Q, A> implements Layer<Q, A> {

	private final List<Layer<Q, A>> layers;

	private Stack(List<Layer<Q, A>> layers) {
		this.layers = layers;
	}

	/**
	 * Returns a stack without layers.
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the stack
	 */
	public static <Q, A> Stack<Q, A> empty() {
		return new Stack<>(List.of());
	}

	/**
	 * Adds a layer inside of all others.
	 * @param layer the layer
	 * @return a new stack
	 */
	public Stack<Q, A> add(Layer<Q, A> layer) {
		Objects.requireNonNull(layer, "layer");
		List<Layer<Q, A>> all = new ArrayList<>(this.layers);
		all.add(layer);
		return new Stack<>(List.copyOf(all));
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		Service<Q, A> service = Objects.requireNonNull(inner, "inner");
		for (int i = this.layers.size() - 1; i >= 0; i--) {
			service = this.layers.get(i).around(service);
		}
		return service;
	}

}
