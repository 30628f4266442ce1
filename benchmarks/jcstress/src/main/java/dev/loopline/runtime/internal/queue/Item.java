package dev.loopline.runtime.internal.queue;

/**
 * What is put into queues.
 */
final class Item extends Injected {

}
