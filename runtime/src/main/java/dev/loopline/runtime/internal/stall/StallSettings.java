package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.time.Ticker;

/**
 * What the stalls need to know of a runtime.
 *
 * @param ticker its clock
 * @param threadFactory makes its threads
 * @param keepAlive how long a thread that has nothing to do stays
 * @param pollingClasses the classes whose method {@code poll} runs code of the
 * application
 * @param applicationPackages packages whose code is to blame
 * @param frameworkPackages packages whose code is not
 * @param logging whether stalls are logged
 * @param advice what a warning tells a developer to do
 * @param threshold of the stalls
 * @param foreignThreads knows the threads of others that are watched
 * @param jvmThreads lists the threads of the JVM but for those of runtimes
 * @param listeners told about every stall; asked for its elements each time
 */
public record StallSettings(Ticker ticker, ThreadFactory threadFactory, Duration keepAlive, Set<String> pollingClasses,
		Set<String> applicationPackages, Set<String> frameworkPackages, boolean logging, Advice advice,
		Duration threshold, ForeignThreads foreignThreads, Supplier<List<Thread>> jvmThreads,
		Iterable<StallListener> listeners) {

	BlockingPool newThread(int queueCapacity) {
		return new BlockingPool(1, queueCapacity, this.keepAlive, this.threadFactory, this.ticker);
	}

}
