package dev.loopline.runtime.internal.queue;

/**
 * Items that are moved about, never run, and counted where they arrive.
 */
final class ItemTally {

	private final Item[] items;

	private final int[] arrivals;

	ItemTally(int count) {
		this.items = new Item[count];
		this.arrivals = new int[count];
		for (int i = 0; i < count; i++) {
			this.items[i] = new Item();
		}
	}

	Item get(int index) {
		return this.items[index];
	}

	void arrived(Item item) {
		for (int i = 0; i < this.items.length; i++) {
			if (this.items[i] == item) {
				this.arrivals[i]++;
			}
		}
	}

	void drain(RunQueue<Item> queue) {
		for (Item item = queue.pop(); item != null; item = queue.pop()) {
			arrived(item);
		}
	}

	void drain(Injector<Item> injector) {
		for (Item item = injector.pop(); item != null; item = injector.pop()) {
			arrived(item);
		}
	}

	int lost() {
		int lost = 0;
		for (int count : this.arrivals) {
			lost += (count == 0) ? 1 : 0;
		}
		return lost;
	}

	int doubled() {
		int doubled = 0;
		for (int count : this.arrivals) {
			doubled += (count > 1) ? 1 : 0;
		}
		return doubled;
	}

}
