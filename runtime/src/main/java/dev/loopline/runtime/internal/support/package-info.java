/**
 * What several rooms need: what to do with the exceptions of others and with their
 * stages, and how long is long. Internal: for {@code dev.loopline.runtime} only. Depends
 * on nothing.
 */
@NullMarked
package dev.loopline.runtime.internal.support;

import org.jspecify.annotations.NullMarked;
