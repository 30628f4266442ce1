/**
 * What workers sleep on: the contract of drivers, which knows nothing of the scheduler.
 * For the runtime and for those who write a driver, such as
 * {@code dev.loopline.runtime.netty}.
 */
@NullMarked
package dev.loopline.runtime.io;

import org.jspecify.annotations.NullMarked;
