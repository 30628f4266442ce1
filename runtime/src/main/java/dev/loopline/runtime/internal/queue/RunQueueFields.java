package dev.loopline.runtime.internal.queue;

/**
 * The indices of a {@link RunQueue}.
 */
abstract class RunQueueFields extends Padding {

	volatile long head;

	volatile int tail;

}
