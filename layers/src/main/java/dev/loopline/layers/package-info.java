/**
 * Time-outs and limits around anything that answers a request with a {@code Mono}. To
 * begin with: a {@code Layer} goes around a {@code Service}, {@code Stack} puts several
 * in order. The protocols between threads are {@code ConcurrencyLimiter},
 * {@code SlidingSum} and {@code LatencyHistogram}.
 */
@NullMarked
package dev.loopline.layers;

import org.jspecify.annotations.NullMarked;
