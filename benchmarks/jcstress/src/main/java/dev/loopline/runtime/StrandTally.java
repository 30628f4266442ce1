package dev.loopline.runtime;

/**
 * Strands that are moved about, never run, and counted where they arrive.
 */
final class StrandTally {

	private final Strand[] strands;

	private final int[] arrivals;

	StrandTally(int count) {
		this.strands = new Strand[count];
		this.arrivals = new int[count];
		for (int i = 0; i < count; i++) {
			this.strands[i] = new Strand(null, null, false);
		}
	}

	Strand get(int index) {
		return this.strands[index];
	}

	void arrived(Schedulable strand) {
		for (int i = 0; i < this.strands.length; i++) {
			if (this.strands[i] == strand) {
				this.arrivals[i]++;
			}
		}
	}

	void drain(RunQueue queue) {
		for (Schedulable strand = queue.pop(); strand != null; strand = queue.pop()) {
			arrived(strand);
		}
	}

	void drain(Injector injector) {
		for (Schedulable strand = injector.pop(); strand != null; strand = injector.pop()) {
			arrived(strand);
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
