package dev.loopline.autoconfigure.web;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SignalType;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandKind;

/**
 * The strand of one request, which is listed as a stream. Told of the end of the request,
 * it takes the strand off the list and passes on whether that stalled.
 *
 * @param strand the strand
 * @param name what it is listed as
 * @param path the path to learn about, if the strand started on a worker
 * @param paths what is known of paths
 */
record RequestStrand(Strand strand, RequestName name, @Nullable String path,
		SlowPaths paths) implements Consumer<SignalType> {

	RequestStrand listed() {
		this.strand.enlist(StrandKind.STREAM, this.name);
		return this;
	}

	@Override
	public void accept(SignalType signal) {
		if (signal != SignalType.CANCEL) {
			this.strand.delist(this.name);
		}
		else {
			delistAfterHandler();
		}
		if (this.path != null) {
			this.paths.learn(this.path, this.strand);
		}
	}

	/**
	 * The client went away, but the handler may still keep a thread, which is worth
	 * seeing.
	 */
	private void delistAfterHandler() {
		try {
			this.strand.execute(() -> this.strand.delist(this.name));
		}
		catch (RejectedExecutionException ex) {
			// The list has ended with the runtime.
		}
	}

}
