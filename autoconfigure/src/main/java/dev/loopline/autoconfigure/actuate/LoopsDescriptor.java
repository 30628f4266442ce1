package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.Stall;

/**
 * The event loops and schedulers of the JVM as JSON. Times are in nanoseconds.
 */
record LoopsDescriptor(List<Pool> pools) implements OperationResponseBody {

	/** By the bean that brings a library onto strands. */
	private static final Map<String, String> ON_STRANDS = new TreeMap<>(
			Map.of("strandClientResourcesCustomizer", "lettuce", "strandConnectionFactoryOptionsCustomizer", "r2dbc",
					"globalLoopsInstaller", "reactor-netty", "runtimeSchedulers", "reactor"));

	/**
	 * Returns the libraries that run on strands, as far as the application leaves them.
	 */
	static List<String> onStrands(BeanFactory context) {
		return ON_STRANDS.entrySet()
			.stream()
			.filter((entry) -> context.containsBean(entry.getKey()))
			.map(Map.Entry::getValue)
			.sorted()
			.toList();
	}

	static LoopsDescriptor of(RuntimeSnapshot runtime, List<ForeignPool> foreign, List<String> onStrands,
			long timestamp) {
		List<Pool> pools = new ArrayList<>();
		pools.add(new Pool("loopline", "workers", runtime.workers().size(), true, 0, null, null));
		onStrands.forEach((library) -> pools.add(new Pool(library, "workers", 0, true, 0, null, null)));
		foreign.forEach((pool) -> pools.add(Pool.of(pool, Instant.ofEpochMilli(timestamp))));
		return new LoopsDescriptor(pools);
	}

	/**
	 * Returns those of other libraries of which the application has kept one lately.
	 */
	static List<Pool> stalled(List<ForeignPool> foreign, long timestamp, Duration lately) {
		return foreign.stream()
			.map((pool) -> Pool.of(pool, Instant.ofEpochMilli(timestamp)))
			.filter((pool) -> pool.lastStall() != null && pool.lastStall().ageNanos() < lately.toNanos())
			.toList();
	}

	/**
	 * Threads of a library, or what it runs on the workers, with none of its own.
	 */
	record Pool(String library, String pool, int threads, boolean strands, long stalls, @Nullable String advice,
			@Nullable LastStall lastStall) {

		static Pool of(ForeignPool pool, Instant now) {
			return new Pool(pool.owner().library(), pool.owner().pool(), pool.threads(), false, pool.stalls(),
					pool.owner().advice(), LastStall.of(pool.lastStall(), now));
		}

	}

	/**
	 * The last time that the application kept one of the threads.
	 */
	record LastStall(String kind, String thread, Instant start, long nanos, long ageNanos, boolean running,
			@Nullable String frame, List<String> stack) {

		static @Nullable LastStall of(@Nullable Stall stall, Instant now) {
			if (stall == null) {
				return null;
			}
			Duration age = Duration.between(stall.start().plus(stall.duration()), now);
			return new LastStall(RuntimeDescriptor.lowerCase(stall.kind()), stall.thread(), stall.start(),
					stall.duration().toNanos(), age.isNegative() ? 0 : age.toNanos(), stall.running(),
					(stall.culprit() != null) ? stall.culprit().toString() : null,
					stall.stack().stream().map(StackTraceElement::toString).toList());
		}

	}

}
