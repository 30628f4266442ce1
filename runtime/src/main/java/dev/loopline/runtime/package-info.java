/**
 * The scheduler: strands of work run by workers that steal from each other. Comes in:
 * applications, by {@link dev.loopline.runtime.TaskRuntime}; what builds on strands
 * ({@code actor}, {@code netty}, Spring). It is one package on purpose: what is not
 * public is safe for one thread only.
 */
@NullMarked
package dev.loopline.runtime;

import org.jspecify.annotations.NullMarked;
