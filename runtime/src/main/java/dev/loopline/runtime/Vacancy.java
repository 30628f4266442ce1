package dev.loopline.runtime;

/**
 * What there is room for in the slow lane.
 *
 * @param virtual whether there may be one more virtual thread
 * @param excess how many threads are busy beyond the maximum
 * @param permit whether one more may burn
 */
record Vacancy(boolean virtual, int excess, boolean permit) {

	/**
	 * Returns whether there is room for one more of a kind.
	 * @param beyond how many threads more than the maximum its line may take
	 */
	boolean allows(LaneLine.Kind kind, int beyond) {
		return switch (kind) {
			case VIRTUAL -> this.virtual;
			case BLOCKING -> this.excess < beyond;
			case BURNING -> this.permit && this.excess < beyond;
		};
	}

}
