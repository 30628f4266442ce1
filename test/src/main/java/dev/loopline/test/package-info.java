/**
 * Finds races in applications of the task runtime, and shows them again.
 */
@NullMarked
package dev.loopline.test;

import org.jspecify.annotations.NullMarked;
