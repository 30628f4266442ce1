/**
 * What happens to requests of {@code WebClient}s that Boot's builder makes. To begin
 * with: {@code ClientLimits} finds the limits of a request, {@code ClientLimit} puts
 * their layers around its exchange, and {@code DeadlineFilter} tells others how long
 * somebody waits.
 */
@NullMarked
package dev.loopline.autoconfigure.webclient;

import org.jspecify.annotations.NullMarked;
