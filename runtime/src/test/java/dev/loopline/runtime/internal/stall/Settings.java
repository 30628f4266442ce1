package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.time.Ticker;

/**
 * Settings for tests.
 */
final class Settings {

	private Settings() {
	}

	static StallSettings of(Ticker ticker, ThreadFactory threads, boolean logging, StallListener... listeners) {
		return new StallSettings(ticker, threads, Duration.ofSeconds(10), Set.of(FakeProbe.POLL.getClassName()),
				Set.of(), Set.of(), logging, Advice.DEFAULTS, List.of(listeners));
	}

}
