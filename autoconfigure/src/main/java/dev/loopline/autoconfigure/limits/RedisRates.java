package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import dev.loopline.layers.RateLimiter;
import dev.loopline.runtime.TaskRuntime;

/**
 * Makes rates whose permits are counted in Redis, by Bucket4j, over the connection of the
 * application. To connect may block and is a job; nothing that comes then does. Safe for
 * use by many threads.
 */
final class RedisRates implements SharedRates, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RedisRates.class);

	private static final String KEYS = "loopline.web.shared-rates.";

	/** After the connections' factory, which has phase 0, and before the server. */
	private static final int PHASE = 1;

	private static final BucketConfiguration START = BucketConfiguration.builder()
		.addLimit((bandwidth) -> bandwidth.capacity(1).refillGreedy(1, Duration.ofSeconds(1)))
		.build();

	private final ObjectProvider<LettuceConnectionFactory> factories;

	private final Supplier<TaskRuntime> runtime;

	private final String prefix;

	/** Whether nothing in the keys says whose they are. */
	private final boolean nameless;

	private final Duration timeout;

	private final int replicas;

	private final SharedAccess access;

	private final AtomicReference<@Nullable CompletableFuture<RedisSession>> session = new AtomicReference<>();

	private volatile @Nullable LettuceConnectionFactory factory;

	private volatile boolean running;

	/**
	 * Creates rates.
	 * @param factories those of connections, of which one must be the only or the first
	 * @param runtime whose jobs connect
	 * @param application the name of the application, empty if it has none
	 * @throws InvalidLimitException if the properties make no sense
	 */
	RedisRates(SharedRateProperties properties, ObjectProvider<LettuceConnectionFactory> factories,
			Supplier<TaskRuntime> runtime, String application) {
		LimitSettings.requirePositive(properties.getTimeout(), KEYS + "timeout");
		LimitSettings.requireAtLeast(1, properties.getReplicas(), KEYS + "replicas");
		this.factories = factories;
		this.runtime = runtime;
		this.prefix = properties.getPrefix() + (application.isEmpty() ? "application" : application) + ":";
		this.nameless = application.isEmpty() && properties.getPrefix().equals(new SharedRateProperties().getPrefix());
		this.timeout = properties.getTimeout();
		this.access = new SharedAccess(System::nanoTime, this.timeout);
		this.replicas = properties.getReplicas();
	}

	@Override
	public SharedRate newRate(String limit, LimitSettings.Rate rate, String key) {
		LettuceConnectionFactory factory = this.factories.getIfUnique();
		if (factory == null) {
			throw InvalidLimitException.of(key, "redis", "needs a connection to Redis by Lettuce, and there is not one",
					"Add org.springframework.boot:spring-boot-starter-data-redis, or make one LettuceConnectionFactory"
							+ " the primary bean, or set it to local for a rate of each instance.");
		}
		this.factory = factory;
		try {
			BucketConfiguration bucket = BucketConfiguration.builder()
				.addLimit((bandwidth) -> bandwidth.capacity(rate.burst()).refillGreedy(rate.permits(), rate.period()))
				.build();
			// A rate that has changed has buckets of its own
			String name = String.format(Locale.ROOT, "%s%s:%d:%d:%d:", this.prefix, limit, rate.permits(),
					rate.period().toNanos(), rate.burst());
			Duration permit = rate.period().dividedBy(rate.permits());
			return new SharedRate((client) -> take(name + RateKeys.text(client), bucket, permit),
					rate.newPart(this.replicas), this.access, this.timeout);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw InvalidLimitException.of(key, "redis", "cannot count this rate: " + ex.getMessage(),
					"Set another period, or it to local for a rate of each instance.");
		}
	}

	private CompletableFuture<RateLimiter.Decision> take(String key, BucketConfiguration bucket, Duration permit) {
		CompletableFuture<RedisSession> session = session();
		return session.thenCompose((open) -> open.take(key, bucket))
			.thenApply((probe) -> decision(probe, permit))
			.whenComplete((decision, ex) -> {
				if (ex != null && this.session.compareAndSet(session, null)) {
					session.thenAccept(this::close);
				}
			});
	}

	private void close(RedisSession session) {
		this.runtime.get().spawnBlocking("close-redis-rates", Executors.callable(session::close));
	}

	/** Of the last permit Bucket4j does not say when the next one comes. */
	private static RateLimiter.Decision decision(ConsumptionProbe probe, Duration permit) {
		int remaining = (int) Math.min(probe.getRemainingTokens(), Integer.MAX_VALUE);
		Duration wait = probe.isConsumed() ? permit : Duration.ofNanos(probe.getNanosToWaitForRefill());
		return new RateLimiter.Decision(probe.isConsumed(), remaining, (remaining > 0) ? Duration.ZERO : wait);
	}

	private CompletableFuture<RedisSession> session() {
		CompletableFuture<RedisSession> known = this.session.get();
		if (known != null) {
			return known;
		}
		CompletableFuture<RedisSession> added = new CompletableFuture<>();
		if (!this.session.compareAndSet(null, added)) {
			return session();
		}
		try {
			this.runtime.get().spawnBlocking("connect-redis-rates", this::connect).whenComplete((open, ex) -> {
				if (ex != null) {
					added.completeExceptionally(ex);
				}
				else {
					added.complete(open);
				}
			});
		}
		catch (RuntimeException ex) {
			added.completeExceptionally(ex);
		}
		return added;
	}

	/** The application's own connection, unless it shares none. */
	private RedisSession connect() {
		LettuceConnectionFactory factory = this.factory;
		if (factory == null) {
			throw new IllegalStateException("Nothing is shared");
		}
		return new RedisSession((LettuceConnection) factory.getConnection(), this.timeout);
	}

	/**
	 * Connects and takes a permit that means nothing, so that the first request waits
	 * neither for the connection nor for classes.
	 */
	@Override
	public void start() {
		this.running = true;
		if (this.factory != null) {
			warnIfNameless();
			session().thenAccept((open) -> open.take(this.prefix + "start", START));
		}
	}

	private void warnIfNameless() {
		if (this.nameless) {
			logger.warn("Rates in Redis are shared with any other application without a name. "
					+ "Set spring.application.name, or {}prefix", KEYS);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.session.set(null);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
