/**
 * Clients of databases, caches and other servers on the task runtime, and the servers of
 * gRPC and RSocket, one auto-configuration each. To begin with: {@code ClientLoops} are
 * the event loops that they get, {@code ClientWork} makes strands of whoever asks, and
 * {@code ServedMethod} those of who is asked.
 */
@NullMarked
package dev.loopline.autoconfigure.clients;

import org.jspecify.annotations.NullMarked;
