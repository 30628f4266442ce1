package dev.loopline.autoconfigure.web;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SignalType;

import dev.loopline.runtime.Strand;

/**
 * The strand of one request. Told of the end of the request, it passes on whether that
 * stalled.
 *
 * @param strand the strand
 * @param path the path to learn about, if the strand started on a worker
 * @param paths what is known of paths
 */
record RequestStrand(Strand strand, @Nullable String path, SlowPaths paths) implements Consumer<SignalType> {

	@Override
	public void accept(SignalType signal) {
		if (this.path != null) {
			this.paths.learn(this.path, this.strand);
		}
	}

}
