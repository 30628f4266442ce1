package dev.loopline.autoconfigure.reactor;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Makes Reactor's schedulers: on the runtime of the first application context that is
 * alive, and as Reactor itself makes them while there is none. Safe for use by many
 * threads.
 */
final class SchedulersFactory implements Schedulers.Factory {

	/*-
	 * One per JVM
	 * -----------
	 * Reactor has one factory and a cache of three schedulers. The first context that enters puts this factory in,
	 * the last one that leaves gives back what was there. What it has made is not lost with the runtime: each
	 * scheduler has an heir, on the runtime of the next context or of Reactor's own kind, and passes on what
	 * is asked of it from then on, and the timers it had. Those that Reactor caches have the heirs that it
	 * caches, so that no context leaves threads behind.
	 *
	 * Who replaces the factory for a while and restores what was there, as virtual time does, restores this one,
	 * with or without contexts by then. After resetFactory() Reactor makes its own again. It then asks those who
	 * decorate executors, of whom this is one: it puts the factory in again and fills the cache, so that the one
	 * that is being made finds that it came too late, and is disposed. Whose factory there is shows only what it
	 * makes.
	 *
	 * Reactor calls decorators under a lock of its own, so a decorator takes none of ours.
	 */

	static final SchedulersFactory INSTANCE = new SchedulersFactory();

	private static final String DECORATOR = SchedulersFactory.class.getName();

	private static final String PARALLEL = "parallel";

	private static final String SINGLE = "single";

	private static final String BOUNDED_ELASTIC = "boundedElastic";

	private static final Set<String> REACTORS = Set.of("ParallelScheduler", "SingleScheduler",
			"BoundedElasticScheduler", "BoundedElasticThreadPerTaskScheduler");

	/** What is made with this tells whose factory it was. */
	private static final ThreadFactory PROBE = (task) -> {
		throw new UnsupportedOperationException("Runs nothing");
	};

	private static final Scheduler OURS = Schedulers.fromExecutor(Runnable::run);

	/** Set while this asks Reactor to make something. */
	private static final ThreadLocal<Boolean> asking = new ThreadLocal<>();

	private final List<SchedulersOwner> owners = new CopyOnWriteArrayList<>();

	/** The first one. */
	private volatile @Nullable SchedulersOwner owner;

	@GuardedBy("this")
	private Schedulers.@Nullable Snapshot before;

	private SchedulersFactory() {
	}

	boolean knows(SchedulersOwner owner) {
		return this.owners.contains(owner);
	}

	synchronized void enter(SchedulersOwner owner) {
		if (knows(owner)) {
			return;
		}
		owner.begin();
		this.owners.add(owner);
		if (this.owner == null) {
			this.owner = owner;
			Scheduler probe = probe();
			if (isReactors(probe) && areOthersReactors()) {
				this.before = Schedulers.setFactoryWithSnapshot(this);
			}
			else if (probe == OURS) { // restored after the last one had left
				Schedulers.setFactoryWithSnapshot(this);
			}
			Schedulers.addExecutorServiceDecorator(DECORATOR, this::takeOver);
			InheritedWork.install();
		}
	}

	synchronized void leave(SchedulersOwner owner) {
		if (!this.owners.remove(owner)) {
			return;
		}
		if (this.owner == owner) {
			this.owner = this.owners.isEmpty() ? null : this.owners.get(0);
			boolean last = this.owner == null;
			if (last) {
				Schedulers.removeExecutorServiceDecorator(DECORATOR);
				InheritedWork.uninstall();
			}
			if (probe() == OURS) {
				Schedulers.setFactoryWithSnapshot(this); // nobody disposes what is cached
				if (last) {
					Schedulers.resetFrom(this.before);
				}
			}
			this.before = last ? null : this.before;
		}
		owner.end();
	}

	private ScheduledExecutorService takeOver(Scheduler maker, ScheduledExecutorService executor) {
		if (this.owner != null && asking.get() == null && isReactors(maker) && isReactors(probe())) {
			Schedulers.setFactoryWithSnapshot(this);
			Schedulers.parallel();
			Schedulers.single();
			Schedulers.boundedElastic();
		}
		return executor;
	}

	private static Scheduler probe() {
		asking.set(true);
		try {
			return Schedulers.newSingle(PROBE);
		}
		finally {
			asking.remove();
		}
	}

	private static boolean areOthersReactors() {
		asking.set(true);
		try {
			return isReactorsOwn(Schedulers.newParallel(1, PROBE))
					&& isReactorsOwn(Schedulers.newBoundedElastic(1, 1, PROBE, 1));
		}
		finally {
			asking.remove();
		}
	}

	private static boolean isReactorsOwn(Scheduler probe) {
		probe.dispose();
		return isReactors(probe);
	}

	private static boolean isReactors(Scheduler scheduler) {
		Class<?> type = scheduler.getClass();
		return type.getPackage() == Scheduler.class.getPackage() && REACTORS.contains(type.getSimpleName());
	}

	@Override
	public Scheduler newParallel(int parallelism, ThreadFactory threadFactory) {
		String name = nameOf(threadFactory);
		StrandScheduler.Kind kind = (PARALLEL.equals(name) && parallelism > 1) ? StrandScheduler.Kind.PARALLEL
				: StrandScheduler.Kind.strands(parallelism);
		boolean cached = PARALLEL.equals(name) && parallelism == Schedulers.DEFAULT_POOL_SIZE;
		return newScheduler("parallel(%d,\"%s\")".formatted(parallelism, name), kind, parallelism, name,
				() -> Schedulers.Factory.super.newParallel(parallelism, threadFactory),
				cached ? Schedulers::parallel : null);
	}

	@Override
	public Scheduler newSingle(ThreadFactory threadFactory) {
		if (threadFactory == PROBE) {
			return OURS;
		}
		String name = nameOf(threadFactory);
		return newScheduler("single(\"%s\")".formatted(name), StrandScheduler.Kind.SINGLE, 1, name,
				() -> Schedulers.Factory.super.newSingle(threadFactory),
				SINGLE.equals(name) ? Schedulers::single : null);
	}

	@Override
	public Scheduler newBoundedElastic(int threadCap, int queuedTaskCap, ThreadFactory threadFactory, int ttlSeconds) {
		String name = nameOf(threadFactory);
		String text = "boundedElastic(\"%s\",maxThreads=%d,maxTaskQueuedPerThread=%s,ttl=%ds)".formatted(name,
				threadCap, (queuedTaskCap == Integer.MAX_VALUE) ? "unbounded" : queuedTaskCap, ttlSeconds);
		SchedulersOwner owner = this.owner;
		boolean valid = queuedTaskCap > 0 && ttlSeconds > 0;
		int capacity = (valid && owner != null && owner.hasBoundedElastic()) ? threadCap : 0;
		int queueCapacity = (int) Math.min(Integer.MAX_VALUE, (long) threadCap * queuedTaskCap);
		boolean cached = BOUNDED_ELASTIC.equals(name) && threadCap == Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE
				&& queuedTaskCap == Schedulers.DEFAULT_BOUNDED_ELASTIC_QUEUESIZE;
		return newScheduler(text, StrandScheduler.Kind.blocking(threadCap, queueCapacity), capacity, name,
				() -> Schedulers.Factory.super.newBoundedElastic(threadCap, queuedTaskCap, threadFactory, ttlSeconds),
				cached ? Schedulers::boundedElastic : null);
	}

	/**
	 * Makes a scheduler on the runtime, unless there is none, or somebody has brought his
	 * own threads, or asks for what Reactor refuses.
	 * @param cached the one that Reactor caches, if this is such a one
	 */
	private Scheduler newScheduler(String text, StrandScheduler.Kind kind, int capacity, @Nullable String name,
			Supplier<Scheduler> reactors, @Nullable Supplier<Scheduler> cached) {
		SchedulersOwner owner = (name != null && capacity > 0) ? this.owner : null;
		StrandScheduler made = (owner != null)
				? owner.newScheduler(text, kind, capacity, () -> newHeir(text, kind, capacity, name, reactors, cached))
				: null;
		return (made != null) ? made : reactors.get();
	}

	private Scheduler newHeir(String text, StrandScheduler.Kind kind, int capacity, @Nullable String name,
			Supplier<Scheduler> reactors, @Nullable Supplier<Scheduler> cached) {
		Supplier<Scheduler> last = (cached != null && isReactors(probe())) ? cached : reactors;
		Scheduler heir = newScheduler(text, kind, capacity, name, last, cached);
		heir.init();
		return heir;
	}

	/**
	 * Returns what Reactor calls the threads.
	 * @return {@code null} if these are not of Reactor's own kind
	 */
	private static @Nullable String nameOf(ThreadFactory threadFactory) {
		return (threadFactory.getClass().getPackage() == Scheduler.class.getPackage()
				&& threadFactory instanceof Supplier<?> named && named.get() instanceof String name) ? name : null;
	}

}
