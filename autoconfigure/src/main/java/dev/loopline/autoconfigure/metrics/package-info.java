/**
 * Meters of the task runtime.
 */
@NullMarked
package dev.loopline.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
