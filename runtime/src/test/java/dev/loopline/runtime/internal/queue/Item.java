package dev.loopline.runtime.internal.queue;

import java.util.stream.IntStream;

/**
 * What is put into queues.
 */
final class Item extends Injected {

	static Item[] several(int count) {
		return IntStream.range(0, count).mapToObj((i) -> new Item()).toArray(Item[]::new);
	}

}
