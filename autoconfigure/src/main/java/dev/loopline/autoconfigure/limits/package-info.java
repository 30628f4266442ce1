/**
 * Limits of routes: time-outs, concurrency, rates, and which requests matter more. To
 * begin with: {@code RequestLimits} makes them of properties and annotations,
 * {@code LimitTable} finds those of a request, {@code Route} puts their layers around its
 * handler, and {@code LimitHttpHandler} is where that happens.
 */
@NullMarked
package dev.loopline.autoconfigure.limits;

import org.jspecify.annotations.NullMarked;
