package dev.loopline.runtime.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link LifoSlot}.
 */
abstract class LifoSlotFields extends Padding {

	volatile @Nullable Object item;

	/** How often in a row its item went first. Only for the owner. */
	int pollsInRow;

}
