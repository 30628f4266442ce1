/**
 * The scheduler: strands of work run by workers that steal from each other. Comes in:
 * applications, by {@link dev.loopline.runtime.TaskRuntime}; what builds on strands
 * ({@code actor}, {@code netty}, Spring). It is one package on purpose: what is not
 * public is safe for one thread only.
 * <p>
 * Where to begin: the loop of a worker, which picks the next work, is
 * {@code WorkerThread}; its queue is {@code LocalQueue}, and who has none left steals by
 * {@code Searcher}. What moves from thread to thread, a driver and timers, is
 * {@code Worker}. {@code Monitor} looks for stalls, {@code Handoff} moves a worker away
 * from one, and {@code SlowLane} is where it goes on.
 */
@NullMarked
package dev.loopline.runtime;

import org.jspecify.annotations.NullMarked;
