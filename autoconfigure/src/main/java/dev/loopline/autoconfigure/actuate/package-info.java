/**
 * The actuator on the task runtime. To begin with: {@code TaskRuntimeEndpoint} answers
 * {@code /actuator/loopline} in JSON and in text, {@code StrandsDescriptor} and its like
 * say what a row has, and the resource {@code console.js} what of that the console shows.
 */
@NullMarked
package dev.loopline.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
