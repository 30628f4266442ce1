/**
 * Threads: how they are made, a pool of those that block, and what can be learned about
 * one from outside. What a worker does on its thread is not here but in
 * {@code WorkerThread}. Internal: for {@code dev.loopline.runtime} only. Depends on the
 * clock.
 */
@NullMarked
package dev.loopline.runtime.internal.thread;

import org.jspecify.annotations.NullMarked;
