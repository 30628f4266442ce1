/**
 * WebFlux on the task runtime: which strand handles a request.
 */
@NullMarked
package dev.loopline.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
