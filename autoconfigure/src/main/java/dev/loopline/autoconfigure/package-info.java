/**
 * Auto-configuration of the runtime and of its integrations. To begin with:
 * {@code TaskRuntimeAutoConfiguration} makes the runtime,
 * {@code TaskRuntimeConfigFactory} its configuration from {@code TaskRuntimeProperties},
 * and {@code TaskRuntimeLifecycle} starts and ends it; each integration has a package of
 * its own.
 */
@NullMarked
package dev.loopline.autoconfigure;

import org.jspecify.annotations.NullMarked;
