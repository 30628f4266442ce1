package dev.loopline.runtime.stall;

import org.jspecify.annotations.Nullable;

/**
 * Threads of another library that are watched, and how often the application kept one of
 * them. Immutable.
 *
 * @param owner whose they are
 * @param threads how many there are, as of the last few seconds
 * @param stalls how often one was kept for longer than the stall threshold
 * @param lastStall the last time, with the line; {@code null} if there was none
 */
public record ForeignPool(ForeignThreads.Owner owner, int threads, long stalls, @Nullable Stall lastStall) {
}
