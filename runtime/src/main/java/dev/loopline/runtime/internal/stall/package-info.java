/**
 * How a stall is told from bad luck, sampled, blamed and reported. Internal: for
 * {@code dev.loopline.runtime} only. Depends on {@code stall}, on threads and on the
 * clock.
 */
@NullMarked
package dev.loopline.runtime.internal.stall;

import org.jspecify.annotations.NullMarked;
