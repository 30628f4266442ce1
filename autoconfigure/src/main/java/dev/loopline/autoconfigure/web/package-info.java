/**
 * WebFlux on the task runtime: which strand handles a request ({@code StrandAssignment}),
 * what it is called in the report of a stall ({@code RequestContext}), and which routes
 * are known to stall ({@code SlowRoutes}).
 */
@NullMarked
package dev.loopline.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
