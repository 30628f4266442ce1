/**
 * Auto-configuration of the runtime and of its integrations.
 */
@NullMarked
package dev.loopline.autoconfigure;

import org.jspecify.annotations.NullMarked;
