package dev.loopline.autoconfigure.web;

import java.util.function.Supplier;

import org.springframework.core.task.AsyncTaskExecutor;

import dev.loopline.autoconfigure.reactor.BlockingPermit;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.WorkContext;

/**
 * Runs handler methods that Spring takes for blocking ones, each on a strand that may
 * block: known by the request's route and waiting in the route's line. Safe for use by
 * many threads.
 */
final class BlockingHandlerExecutor implements AsyncTaskExecutor {

	private final Supplier<TaskRuntime> runtime;

	BlockingHandlerExecutor(Supplier<TaskRuntime> runtime) {
		this.runtime = runtime;
	}

	@Override
	public void execute(Runnable task) {
		Strand current = Strand.current();
		WorkContext context = (current != null) ? StrandInstrumentation.context(current) : null;
		StrandOptions options = StrandOptions.DEFAULTS.blocking();
		String route = (context != null) ? context.describe().route() : null;
		Strand strand = this.runtime.get().newStrand((route != null) ? options.route(route) : options);
		StrandInstrumentation.setContext(strand, context);
		strand.execute(BlockingPermit.given(task));
	}

}
