package dev.loopline.autoconfigure.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskHooks;
import dev.loopline.runtime.TaskObserver;

/**
 * Counts the tasks of each name that was given to some. Safe for use by many threads.
 */
final class NamedTaskMetrics implements TaskHooks, MeterBinder {

	/**
	 * Later names are counted together: somebody makes up a name per request, and every
	 * name is a time series for ever.
	 */
	static final int MAX_NAMES = 100;

	private static final String OTHERS = "others";

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<String, Tally> tallies = new ConcurrentHashMap<>();

	@Override
	public @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
		if (!task.isNamed()) {
			return null;
		}
		Tally tally = tallyOf(task.name());
		tally.spawned.increment();
		return tally;
	}

	private Tally tallyOf(String name) {
		Tally tally = this.tallies.get(name);
		return (tally != null) ? tally : newTally(name);
	}

	private synchronized Tally newTally(String name) {
		String counted = (this.tallies.size() < MAX_NAMES) ? name : OTHERS;
		return this.tallies.computeIfAbsent(counted, (tag) -> {
			Tally tally = new Tally();
			this.registries.forEach((registry) -> register(tag, tally, registry));
			return tally;
		});
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.tallies.forEach((name, tally) -> register(name, tally, registry));
	}

	private static void register(String name, Tally tally, MeterRegistry registry) {
		FunctionCounter.builder("loopline.task.spawned", tally, (t) -> t.spawned.sum())
			.description("Tasks of this name that were ever spawned")
			.tag("task", name)
			.register(registry);
		Gauge.builder("loopline.task.live", tally, Tally::live)
			.description("Tasks of this name that have not ended")
			.tag("task", name)
			.register(registry);
	}

	/**
	 * What is counted for one name.
	 */
	private static final class Tally implements TaskObserver {

		private final LongAdder spawned = new LongAdder();

		private final LongAdder ended = new LongAdder();

		@Override
		public void onTerminate() {
			this.ended.increment();
		}

		long live() {
			long ended = this.ended.sum(); // first: it must not be ahead
			return this.spawned.sum() - ended;
		}

	}

}
