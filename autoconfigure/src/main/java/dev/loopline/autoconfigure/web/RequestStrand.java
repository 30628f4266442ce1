package dev.loopline.autoconfigure.web;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SignalType;

import dev.loopline.runtime.Stall;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandKind;

/**
 * The strand of one request, which is listed as a stream. Told of the end of the request,
 * it takes the strand off the list and says so if a slow route has become fast.
 *
 * @param strand the strand
 * @param name what it is listed as
 * @param probed the slow route that is tried on a worker, if this is such a try
 * @param routes the slow routes
 */
record RequestStrand(Strand strand, RequestName name, @Nullable LearnedRoute probed,
		SlowRoutes routes) implements Consumer<SignalType> {

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
		if (this.probed != null && signal != SignalType.CANCEL && !hasStalled()) {
			this.routes.forget(this.probed);
		}
	}

	private boolean hasStalled() {
		return this.strand.handoffs(Stall.Kind.BLOCKING) > 0 || this.strand.handoffs(Stall.Kind.BURNING) > 0;
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
