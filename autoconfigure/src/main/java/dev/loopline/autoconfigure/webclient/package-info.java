/**
 * What happens to requests of {@code WebClient}s that Boot's builder makes. To begin
 * with: {@code DeadlineFilter} tells others how long somebody waits, and
 * {@code WebClientLayersAutoConfiguration} adds it to the builder.
 */
@NullMarked
package dev.loopline.autoconfigure.webclient;

import org.jspecify.annotations.NullMarked;
