/**
 * Clients of databases, caches and other servers on the task runtime, one
 * auto-configuration each. To begin with: {@code ClientLoops} are the event loops that
 * they get.
 */
@NullMarked
package dev.loopline.autoconfigure.clients;

import org.jspecify.annotations.NullMarked;
