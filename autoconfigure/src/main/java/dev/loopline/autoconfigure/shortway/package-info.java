/**
 * The short way of a request through WebFlux: what Spring's chain of operators does, done
 * in two objects, and what depends on the route alone, remembered. To begin with:
 * {@code ShortWayHttpHandler} decides who goes which way, {@code ServedExchange} is what
 * Spring's adapter does around an exchange, {@code Dispatch} what its dispatcher does.
 */
@NullMarked
package dev.loopline.autoconfigure.shortway;

import org.jspecify.annotations.NullMarked;
