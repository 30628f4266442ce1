/**
 * The actuator on the task runtime. To begin with: {@code TaskRuntimeEndpoint} answers
 * {@code /actuator/loopline} in JSON and in text, and serves the console's files;
 * {@code ManagementPriorityHttpHandler} lets the actuator go first.
 */
@NullMarked
package dev.loopline.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
