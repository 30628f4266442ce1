/**
 * Protects a server from clients that are slow, silent, too many or malformed. Begin with
 * {@link dev.loopline.autoconfigure.hardening.ConnectionWatch} and
 * {@link dev.loopline.autoconfigure.hardening.WatchedConnection}.
 */
@NullMarked
package dev.loopline.autoconfigure.hardening;

import org.jspecify.annotations.NullMarked;
