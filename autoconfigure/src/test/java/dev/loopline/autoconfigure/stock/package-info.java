/**
 * What clients and handlers see of an application, on stock WebFlux and on every way of
 * ours.
 */
@org.jspecify.annotations.NullMarked
package dev.loopline.autoconfigure.stock;
