/**
 * Tells traces what the runtime knows of requests and tasks.
 */
@NullMarked
package dev.loopline.autoconfigure.tracing;

import org.jspecify.annotations.NullMarked;
