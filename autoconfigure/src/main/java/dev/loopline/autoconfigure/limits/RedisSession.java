package dev.loopline.autoconfigure.limits;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce.LettuceBasedProxyManagerBuilder;
import io.github.bucket4j.redis.lettuce.RedisApi;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;

/**
 * Buckets at the end of one connection to Redis: of one server, of sentinels or of a
 * cluster. Waits for nothing. Safe for use by many threads.
 */
final class RedisSession {

	/**
	 * Keys whose requests are sent together while others of them are on their way. Two of
	 * one instance that took of a bucket at once would hinder each other.
	 */
	private static final int MAX_BUSY_KEYS = 1_000;

	/** Beyond the time that fills a bucket, for clocks that differ. */
	private static final Duration KEPT_FULL = Duration.ofSeconds(10);

	private final LettuceConnection connection;

	private final AsyncProxyManager<String> manager;

	private final Map<String, AsyncBucketProxy> buckets = Collections
		.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, AsyncBucketProxy> eldest) {
				return size() > MAX_BUSY_KEYS;
			}

		});

	/**
	 * Creates a session.
	 * @param connection to Redis
	 * @param timeout after which a command is given up and, if it has not been sent, is
	 * not
	 */
	RedisSession(LettuceConnection connection, Duration timeout) {
		this.connection = connection;
		this.manager = new LettuceBasedProxyManagerBuilder<>(new Commands<>(connection.getNativeConnection()))
			.requestTimeout(timeout)
			.expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_FULL))
			.build()
			.asAsync()
			.withMapper((key) -> key.getBytes(StandardCharsets.UTF_8));
	}

	CompletableFuture<ConsumptionProbe> take(String key, BucketConfiguration configuration) {
		AsyncBucketProxy bucket = this.buckets.computeIfAbsent(key,
				(added) -> this.manager.builder()
					.withOptimization(Optimizations.batching())
					.build(added, () -> CompletableFuture.completedFuture(configuration)));
		return bucket.tryConsumeAndReturnRemaining(1);
	}

	/**
	 * Gives the connection back, which ends it unless the application shares it.
	 */
	void close() {
		this.connection.close();
	}

	/**
	 * What Bucket4j asks of Redis.
	 *
	 * @param <K> the type of the keys: Bucket4j makes arrays of it that are arrays of
	 * objects
	 */
	private record Commands<K>(RedisClusterAsyncCommands<K, byte[]> commands) implements RedisApi<K> {

		@Override
		public <V> RedisFuture<V> eval(String script, ScriptOutputType type, K[] keys, byte[][] values) {
			return this.commands.eval(script, type, keys, values);
		}

		@Override
		public RedisFuture<byte[]> get(K key) {
			return this.commands.get(key);
		}

		@Override
		@SuppressWarnings("unchecked")
		public RedisFuture<?> delete(K key) {
			return this.commands.del(key);
		}

	}

}
