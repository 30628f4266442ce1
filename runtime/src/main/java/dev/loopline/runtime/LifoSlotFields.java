package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link LifoSlot}.
 */
abstract class LifoSlotFields extends Padding {

	volatile @Nullable Work work;

	/** How often in a row its work went first. Only for the owner. */
	int pollsInRow;

}
