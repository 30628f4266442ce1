/**
 * The answers: what stalled, for how long, and who is to blame; and what a stall is told
 * that asks what the work was for. Depends on nothing. How it is found out is in
 * {@code internal.stall}.
 */
@NullMarked
package dev.loopline.runtime.stall;

import org.jspecify.annotations.NullMarked;
