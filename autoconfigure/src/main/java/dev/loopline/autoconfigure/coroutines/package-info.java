/**
 * Kotlin's coroutines on the task runtime. To begin with: {@code StrandDispatcher}.
 */
@NullMarked
package dev.loopline.autoconfigure.coroutines;

import org.jspecify.annotations.NullMarked;
