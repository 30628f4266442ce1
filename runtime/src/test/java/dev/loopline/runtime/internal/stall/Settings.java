package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.time.Ticker;

/**
 * Settings for tests.
 */
final class Settings {

	static final Duration THRESHOLD = Duration.ofMillis(5);

	private Settings() {
	}

	static StallSettings of(Ticker ticker, ThreadFactory threads, boolean logging, StallListener... listeners) {
		return new StallSettings(ticker, threads, Duration.ofSeconds(10), Set.of(FakeProbe.POLL.getClassName()),
				Set.of(), Set.of(), logging, Advice.DEFAULTS, THRESHOLD, ForeignThreads.NONE, List::of,
				List.of(listeners));
	}

	static StallSettings of(Ticker ticker, ThreadFactory threads, Duration threshold, Set<String> applications,
			ForeignThreads foreignThreads, Supplier<List<Thread>> jvmThreads) {
		return new StallSettings(ticker, threads, Duration.ofSeconds(10), Set.of(), applications, Set.of(), true,
				Advice.DEFAULTS, threshold, foreignThreads, jvmThreads, List.of());
	}

}
