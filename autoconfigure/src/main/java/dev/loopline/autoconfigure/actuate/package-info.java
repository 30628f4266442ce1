/**
 * The actuator on the task runtime.
 */
@NullMarked
package dev.loopline.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
