/**
 * Netty event loops that are strands of the runtime.
 */
@NullMarked
package dev.loopline.runtime.netty;

import org.jspecify.annotations.NullMarked;
