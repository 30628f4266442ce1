package dev.loopline.runtime.actor;

/**
 * What an actor was doing at one moment. Immutable.
 *
 * @param name the name of the actor
 * @param mailboxDepth messages that wait
 * @param handled messages that were handled, ever
 * @param failures messages that it failed to handle, ever
 * @param dropped messages that found the mailbox full and were dropped, ever
 * @param stopped whether it has stopped
 */
public record ActorSnapshot(String name, int mailboxDepth, long handled, long failures, long dropped, boolean stopped) {
}
