/**
 * How a stall is told from bad luck, sampled, blamed and reported: {@code StallCheck},
 * {@code StallSampler}, {@code StallRecorder} with {@code ApplicationFrames} (the line)
 * and {@code CulpritTable}, {@code StallReporter}. What the work was for is asked of a
 * {@code WorkContext}, such as a request's. {@code ForeignWatch} looks at threads that
 * are not the runtime's. Internal: for {@code dev.loopline.runtime} only. Depends on
 * {@code stall}, on threads and on the clock.
 */
@NullMarked
package dev.loopline.runtime.internal.stall;

import org.jspecify.annotations.NullMarked;
