/**
 * Queues that know nothing of what they hold: the run queue of a thread, the slot of what
 * it woke last, the global queue. Internal: for {@code dev.loopline.runtime} only.
 */
@NullMarked
package dev.loopline.runtime.internal.queue;

import org.jspecify.annotations.NullMarked;
