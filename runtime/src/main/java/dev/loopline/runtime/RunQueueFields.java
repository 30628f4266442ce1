package dev.loopline.runtime;

/**
 * The indices of a {@link RunQueue}.
 */
abstract class RunQueueFields extends Padding {

	volatile long head;

	volatile int tail;

}
