/**
 * What is to be ready when the first handler blocks: soon after the start the ways beside
 * the workers are gone a few hundred times, by requests that nobody sees ({@code Drill}).
 */
@NullMarked
package dev.loopline.autoconfigure.drill;

import org.jspecify.annotations.NullMarked;
