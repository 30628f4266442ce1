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
			this.strands[i] = new Strand(null, null, StrandOptions.DEFAULTS);
		}
	}

	Strand get(int index) {
		return this.strands[index];
	}

	void arrived(Work work) {
		for (int i = 0; i < this.strands.length; i++) {
			if (this.strands[i] == work) {
				this.arrivals[i]++;
			}
		}
	}

	void drain(RunQueue queue) {
		for (Work work = queue.pop(); work != null; work = queue.pop()) {
			arrived(work);
		}
	}

	void drain(Injector injector) {
		for (Work work = injector.pop(); work != null; work = injector.pop()) {
			arrived(work);
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
