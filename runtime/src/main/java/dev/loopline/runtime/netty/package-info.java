/**
 * Netty event loops that are strands of the runtime. Comes in: whoever gives Netty a
 * group of event loops, such as the auto-configuration. Nothing in the runtime knows it.
 */
@NullMarked
package dev.loopline.runtime.netty;

import org.jspecify.annotations.NullMarked;
