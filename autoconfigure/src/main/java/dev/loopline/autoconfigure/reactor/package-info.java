/**
 * Reactor Netty on the task runtime. To begin with: {@code StrandResourceFactory} gives
 * servers and clients the event loops of the runtime, and {@code Farewell} tells the
 * clients of a server that shuts down.
 */
@NullMarked
package dev.loopline.autoconfigure.reactor;

import org.jspecify.annotations.NullMarked;
