/**
 * A small application that shows each behaviour of the runtime.
 */
@NullMarked
package dev.loopline.demo;

import org.jspecify.annotations.NullMarked;
