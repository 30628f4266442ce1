/**
 * The clock. Comes in: everybody. Depends on nothing.
 */
@NullMarked
package dev.loopline.runtime.time;

import org.jspecify.annotations.NullMarked;
