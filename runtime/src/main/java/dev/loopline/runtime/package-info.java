/**
 * The scheduler: strands of work run by workers that steal from each other.
 */
@NullMarked
package dev.loopline.runtime;

import org.jspecify.annotations.NullMarked;
