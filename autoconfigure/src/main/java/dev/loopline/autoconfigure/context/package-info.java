/**
 * Carries thread-local context, such as that of tracing and logging, along with tasks.
 */
@NullMarked
package dev.loopline.autoconfigure.context;

import org.jspecify.annotations.NullMarked;
