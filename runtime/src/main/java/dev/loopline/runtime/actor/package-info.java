/**
 * Actors: strands with a name, a bounded mailbox and supervision. Comes in: applications.
 * Depends on {@code dev.loopline.runtime}, which does not know it and offers it nothing
 * but what {@link dev.loopline.runtime.RuntimeLife} offers everybody.
 */
@NullMarked
package dev.loopline.runtime.actor;

import org.jspecify.annotations.NullMarked;
