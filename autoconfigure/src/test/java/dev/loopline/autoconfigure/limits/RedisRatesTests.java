package dev.loopline.autoconfigure.limits;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import dev.loopline.autoconfigure.support.RedisServer;
import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisRates}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisRatesTests {

	private static final String KEY = "loopline.web.limits.a.rate.store";

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final SharedRateProperties properties = new SharedRateProperties();

	private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

	@ParameterizedTest
	@ValueSource(strings = { "header", "principal" })
	void instancesShareWhatPassesAndWithoutRedisEachHasItsPart(String key, @TempDir Path folder, CapturedOutput output)
			throws Exception {
		try (RedisServer redis = RedisServer.start(folder);
				TestServer one = start(redis, key);
				TestServer two = start(redis, key)) {
			assertThat(passed("first", one, two)).isEqualTo(10);
			assertKeys(one);
			redis.kill();
			assertThat(passed("second", one)).isEqualTo(5);
			assertThat(passed("second", two)).isEqualTo(5);
			assertThat(decisions(one, "local") + decisions(two, "local")).isEqualTo(60);
			assertThat(output.toString().split("Redis does not answer", -1)).as("a warning of each").hasSize(3);
			redis.start();
			for (TestServer server : List.of(one, two)) {
				double before = decisions(server, "shared");
				await().atMost(Duration.ofSeconds(60)).until(() -> {
					send(server, "other").join();
					return decisions(server, "shared") > before;
				});
			}
			assertThat(passed("third", one, two)).isEqualTo(10);
			assertThat(output.toString().split("Redis does not answer", -1)).hasSize(3);
		}
	}

	@Test
	void contextThatIsStartedAgainConnectsAgain(@TempDir Path folder, CapturedOutput output) throws Exception {
		try (RedisServer redis = RedisServer.start(folder); TestServer server = start(redis, "header")) {
			assertThat(passed("first", server)).isEqualTo(10);
			server.context().stop();
			server.context().start();
			assertThat(passed("first", server)).isZero();
			assertThat(passed("second", server)).isEqualTo(10);
			assertThat(decisions(server, "local")).isZero();
			assertThat(output).doesNotContain("Redis does not answer");
		}
	}

	private static TestServer start(RedisServer redis, String key) {
		String prefix = "loopline.web.limits.a.";
		return TestServer.start(RedisApp.class, "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redis.port(), prefix + "paths=/plain", prefix + "rate.permits=10",
				prefix + "rate.period=1h", prefix + "rate.store=redis", prefix + "rate.key=" + key,
				"spring.application.name=some",
				"header".equals(key) ? prefix + "rate.header=X-User" : prefix + "rate.headers=true",
				"loopline.web.shared-rates.prefix=ours:", "loopline.web.shared-rates.timeout=3s",
				"loopline.web.shared-rates.replicas=2");
	}

	/**
	 * Sends 30 requests of a user to each server at once.
	 */
	private long passed(String user, TestServer... servers) {
		List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 30)
			.boxed()
			.flatMap((i) -> Arrays.stream(servers).map((server) -> send(server, user)))
			.toList();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer.join().statusCode()).isIn(200, 429));
		return answers.stream().filter((answer) -> answer.join().statusCode() == 200).count();
	}

	private CompletableFuture<HttpResponse<String>> send(TestServer server, String user) {
		URI uri = server.uri("/plain");
		return this.client.sendAsync(
				HttpRequest.newBuilder(uri).header("X-User", user).timeout(Duration.ofSeconds(60)).build(),
				BodyHandlers.ofString());
	}

	private static void assertKeys(TestServer server) {
		LettuceConnectionFactory factory = server.context().getBean(LettuceConnectionFactory.class);
		try (RedisConnection connection = factory.getConnection()) {
			Set<byte[]> keys = connection.keyCommands().keys("ours:some:a:*".getBytes(StandardCharsets.UTF_8));
			assertThat(keys).singleElement().satisfies((key) -> {
				assertThat(new String(key, StandardCharsets.UTF_8))
					.matches("ours:some:a:10:3600000000000:10:[0-9a-f]{64}");
				assertThat(connection.keyCommands().ttl(key)).as("seconds to live").isBetween(1L, 3610L);
			});
		}
	}

	private static double decisions(TestServer server, String source) {
		FunctionCounter counter = server.context()
			.getBean(MeterRegistry.class)
			.get("loopline.limits.shared-rate.decisions")
			.tags("limit", "a", "source", source)
			.functionCounter();
		return counter.count();
	}

	@Test
	void rateNeedsOneConnectionFactory() {
		InvalidLimitException ex = catchThrowableOfType(InvalidLimitException.class, () -> newRate(rate(10, 1)));
		assertThat(ex).hasMessageContaining("'redis' of '" + KEY + "' needs a connection to Redis by Lettuce");
		assertThat(ex.remedy()).contains("LettuceConnectionFactory");
		this.beans.addBean("one", new LettuceConnectionFactory());
		assertThatNoException().isThrownBy(() -> newRate(rate(10, 1)));
		this.beans.addBean("two", new LettuceConnectionFactory());
		assertThat(catchThrowableOfType(InvalidLimitException.class, () -> newRate(rate(10, 1)))).isNotNull();
	}

	@Test
	void rateThatBucketsCannotCountIsRefused() {
		this.beans.addBean("one", new LettuceConnectionFactory());
		InvalidLimitException ex = catchThrowableOfType(InvalidLimitException.class,
				() -> newRate(rate(5, 0.000_000_001)));
		assertThat(ex).hasMessageContaining(KEY).hasMessageContaining("cannot count this rate");
	}

	@ParameterizedTest
	@ValueSource(strings = { "replicas", "timeout" })
	void propertyThatMakesNoSenseIsRefused(String property) {
		this.properties.setReplicas("replicas".equals(property) ? 0 : 1);
		this.properties.setTimeout("timeout".equals(property) ? Duration.ZERO : Duration.ofMillis(1));
		InvalidLimitException ex = catchThrowableOfType(InvalidLimitException.class, () -> newRate(rate(10, 1)));
		assertThat(ex).hasMessageContaining("'loopline.web.shared-rates." + property + "'");
	}

	@ParameterizedTest
	@CsvSource({ "'', loopline:rates:, true", "'', ours:, false", "some, loopline:rates:, false" })
	void applicationThatSharesWithAnyOtherIsWarned(String application, String prefix, boolean warned,
			CapturedOutput output) {
		this.beans.addBean("one", new LettuceConnectionFactory());
		this.properties.setPrefix(prefix);
		RedisRates rates = newRates(application);
		rates.start();
		assertThat(output).as("nothing is shared").doesNotContain("without a name");
		rates.newRate("a", rate(10, 1), KEY);
		rates.start();
		assertThat(output.toString().contains("Set spring.application.name, or loopline.web.shared-rates.prefix"))
			.isEqualTo(warned);
	}

	private static LimitSettings.Rate rate(int permits, double seconds) {
		return new LimitSettings.Rate(permits, Duration.ofNanos((long) (seconds * 1_000_000_000)), permits,
				RateKey.EVERYBODY, null, false, RateStore.REDIS);
	}

	private SharedRate newRate(LimitSettings.Rate rate) {
		return newRates("some").newRate("a", rate, KEY);
	}

	private RedisRates newRates(String application) {
		return new RedisRates(this.properties, this.beans.getBeanProvider(LettuceConnectionFactory.class), () -> {
			throw new IllegalStateException("no runtime");
		}, application);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(DataRedisAutoConfiguration.class)
	static class RedisApp extends LimitsApp {

	}

}
