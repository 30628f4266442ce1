package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import reactor.core.publisher.Mono;

/**
 * Sends each request to the less loaded of two instances that are taken by chance. The
 * load is how long answers take, times how many are on the way: a longer time counts at
 * once, a shorter one by and by. Safe for use by many threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class PeakEwmaBalance<Q, A> implements Service<Q, A> {

	/*-
	 * Two choices, as in Mitzenmacher's thesis; the load is Finagle's and Tower's. What fails does not count as fast: an
	 * instance that refuses at once would draw all requests. It counts as an instance that nobody knows, for which Tower
	 * has a second.
	 */

	private static final double UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** So that of instances that nobody has asked for long the idle one is taken. */
	private static final double LEAST_NANOS = 1_000;

	private final List<Instance<Q, A>> instances;

	private final double decayNanos;

	private final LongSupplier clock;

	private final IntUnaryOperator random;

	private final Predicate<? super A> failed;

	/**
	 * Creates a balance with the decay of Finagle, ten seconds.
	 * @param instances what requests may be sent to; at least one
	 * @param failed which answers are as bad as an error
	 */
	public PeakEwmaBalance(List<? extends Service<Q, A>> instances, Predicate<? super A> failed) {
		this(instances, failed, Duration.ofSeconds(10), System::nanoTime,
				(bound) -> ThreadLocalRandom.current().nextInt(bound));
	}

	/**
	 * Creates a balance.
	 * @param instances what requests may be sent to; at least one
	 * @param failed which answers are as bad as an error
	 * @param decay after which time a third is left of what was known; must be positive
	 * @param clock says nanoseconds since any time
	 * @param random a number from 0 to below another one
	 */
	public PeakEwmaBalance(List<? extends Service<Q, A>> instances, Predicate<? super A> failed, Duration decay,
			LongSupplier clock, IntUnaryOperator random) {
		requireAny(instances);
		if (decay.isNegative() || decay.isZero()) {
			throw new IllegalArgumentException("decay must be positive, but was " + decay);
		}
		this.failed = Objects.requireNonNull(failed, "failed");
		this.decayNanos = TimeUnit.NANOSECONDS.convert(decay);
		this.clock = Objects.requireNonNull(clock, "clock");
		this.random = Objects.requireNonNull(random, "random");
		long now = clock.getAsLong();
		this.instances = instances.stream().map((service) -> new Instance<Q, A>(service, now)).toList();
	}

	private PeakEwmaBalance(PeakEwmaBalance<Q, A> known, List<? extends Service<Q, A>> instances) {
		this.failed = known.failed;
		this.decayNanos = known.decayNanos;
		this.clock = known.clock;
		this.random = known.random;
		long now = this.clock.getAsLong();
		this.instances = instances.stream().map((service) -> known.find(service, now)).toList();
	}

	private Instance<Q, A> find(Service<Q, A> service, long now) {
		return this.instances.stream()
			.filter((instance) -> instance.service.equals(service))
			.findFirst()
			.orElseGet(() -> new Instance<>(service, now));
	}

	/**
	 * Returns a balance of other instances. It shares with this one what is known of
	 * those that equal one of this, the requests that are on their way included.
	 * @param instances what requests may be sent to; at least one
	 * @return the balance
	 */
	public PeakEwmaBalance<Q, A> with(List<? extends Service<Q, A>> instances) {
		requireAny(instances);
		return new PeakEwmaBalance<>(this, instances);
	}

	private static void requireAny(List<?> instances) {
		if (instances.isEmpty()) {
			throw new IllegalArgumentException("there must be an instance");
		}
	}

	@Override
	public Mono<A> call(Q request) {
		return Mono.defer(() -> {
			Instance<Q, A> instance = pick();
			long start = this.clock.getAsLong();
			instance.pending.incrementAndGet();
			return Services.call(instance.service, request)
				.doOnNext((answer) -> ended(instance, start, this.failed.test(answer)))
				.doOnError((error) -> ended(instance, start, true))
				.doOnCancel(() -> left(instance, start))
				.doFinally((end) -> instance.pending.decrementAndGet());
		});
	}

	private Instance<Q, A> pick() {
		int size = this.instances.size();
		if (size == 1) {
			return this.instances.get(0);
		}
		int one = this.random.applyAsInt(size);
		int other = this.random.applyAsInt(size - 1);
		Instance<Q, A> first = this.instances.get(one);
		Instance<Q, A> second = this.instances.get((other < one) ? other : other + 1);
		long now = this.clock.getAsLong();
		return (load(second, now) < load(first, now)) ? second : first;
	}

	private double load(Instance<Q, A> instance, long now) {
		return Math.max(LEAST_NANOS, decayed(instance.estimate, now)) * (instance.pending.get() + 1);
	}

	private void ended(Instance<Q, A> instance, long start, boolean failed) {
		long now = this.clock.getAsLong();
		double took = failed ? Math.max(UNKNOWN_NANOS, (double) (now - start)) : now - start;
		Estimate before = instance.estimate;
		while (!Instance.ESTIMATE.compareAndSet(instance, before, after(before, took, now))) {
			before = instance.estimate;
		}
	}

	/** It takes as long as this at least. If that is no news, nothing is known. */
	private void left(Instance<Q, A> instance, long start) {
		long now = this.clock.getAsLong();
		if (now - start > decayed(instance.estimate, now)) {
			ended(instance, start, false);
		}
	}

	private Estimate after(Estimate before, double took, long now) {
		double old = decayed(before, now);
		double recency = 1 - Math.exp(-age(before, now) / this.decayNanos);
		return new Estimate((took > old) ? took : old + took * recency, now);
	}

	private double decayed(Estimate estimate, long now) {
		return estimate.nanos * Math.exp(-age(estimate, now) / this.decayNanos);
	}

	private static double age(Estimate estimate, long now) {
		return Math.max(0, now - estimate.atNanos);
	}

	/**
	 * Returns how much each instance has to do.
	 * @return one for each, in their order
	 */
	public List<Load> loads() {
		long now = this.clock.getAsLong();
		List<Load> loads = new ArrayList<>();
		this.instances.forEach((instance) -> loads
			.add(new Load(instance.pending.get(), Duration.ofNanos((long) decayed(instance.estimate, now)))));
		return loads;
	}

	/**
	 * How much an instance has to do.
	 *
	 * @param pending requests that are on the way
	 * @param latency how long it is thought to take
	 */
	public record Load(int pending, Duration latency) {
	}

	private record Estimate(double nanos, long atNanos) {
	}

	/**
	 * What requests may be sent to.
	 */
	private static final class Instance<Q, A> {

		@SuppressWarnings("rawtypes")
		private static final AtomicReferenceFieldUpdater<Instance, Estimate> ESTIMATE = AtomicReferenceFieldUpdater
			.newUpdater(Instance.class, Estimate.class, "estimate");

		private final Service<Q, A> service;

		private final AtomicInteger pending = new AtomicInteger();

		private volatile Estimate estimate;

		Instance(Service<Q, A> service, long now) {
			this.service = service;
			this.estimate = new Estimate(UNKNOWN_NANOS, now);
		}

	}

}
