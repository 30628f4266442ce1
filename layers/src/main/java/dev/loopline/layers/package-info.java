/**
 * Time-outs and limits around anything that answers a request with a {@code Mono}. To
 * begin with: a {@code Layer} goes around a {@code Service}, {@code Stack} puts several
 * in order, and {@code ConcurrencyLimiter} is the one protocol between threads.
 */
@NullMarked
package dev.loopline.layers;

import org.jspecify.annotations.NullMarked;
