/**
 * Microbenchmarks in the shapes and sizes of Tokio's own.
 */
package dev.loopline.benchmarks;
