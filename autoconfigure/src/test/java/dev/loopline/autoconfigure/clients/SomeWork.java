package dev.loopline.autoconfigure.clients;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * Work that goes on on other strands.
 *
 * @param route what it is called
 */
record SomeWork(String route) implements ContinuedWork {

	/**
	 * Returns the route that the calling strand works for, as a stall would report it.
	 */
	static String routeOfCaller() {
		Strand strand = Strand.current();
		WorkContext work = (strand != null) ? StrandInstrumentation.context(strand) : null;
		return (work != null) ? "" + work.describe().route() : "of nothing";
	}

	/**
	 * Runs something as a part of it.
	 */
	void run(TaskRuntime runtime, Runnable part) {
		newStrand(runtime).execute(part);
	}

	@Override
	public Strand newStrand(TaskRuntime runtime) {
		Strand strand = runtime.newStrand();
		StrandInstrumentation.setContext(strand, this);
		return strand;
	}

	@Override
	public void continueOn(Strand strand) {
		StrandInstrumentation.beginWork(strand, this, StrandOptions.DEFAULTS);
	}

	@Override
	public ContinuedWork lasting() {
		return this;
	}

	@Override
	public WorkDescription describe() {
		return new WorkDescription(null, this.route, null);
	}

}
