/**
 * Reactor Netty on the task runtime.
 */
@NullMarked
package dev.loopline.autoconfigure.reactor;

import org.jspecify.annotations.NullMarked;
