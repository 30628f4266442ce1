/**
 * Meters of actors.
 */
@NullMarked
package dev.loopline.autoconfigure.actor;

import org.jspecify.annotations.NullMarked;
