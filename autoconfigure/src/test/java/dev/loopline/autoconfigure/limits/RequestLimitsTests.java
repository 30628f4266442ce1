package dev.loopline.autoconfigure.limits;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.util.pattern.PathPatternParser;

import dev.loopline.autoconfigure.web.ManagementPath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link RequestLimits}: what is declared, what is wrong, and what holds.
 */
class RequestLimitsTests {

	private final Map<String, String> properties = new LinkedHashMap<>();

	private final Map<RequestMappingInfo, HandlerMethod> handlers = new LinkedHashMap<>();

	@Test
	void readsAllSettings() {
		set("a", "paths=/a/**,b", "methods=get,POST", "timeout=2s", "max-concurrent=3", "max-queue=4", "max-wait=5ms",
				"rate.permits=6", "rate.period=1m", "rate.burst=7", "rate.key=header", "rate.header=X-Key",
				"rate.headers=true", "priority=critical");
		LimitSnapshot limit = limits().snapshot().get(0);
		assertThat(limit.name()).isEqualTo("a");
		assertThat(limit.routes()).containsExactly("GET|POST /a/**", "GET|POST /b");
		assertThat(limit.timeout()).isEqualTo(Duration.ofSeconds(2));
		assertThat(limit.maxConcurrent()).isEqualTo(3);
		assertThat(limit.maxQueue()).isEqualTo(4);
		assertThat(limit.maxWait()).isEqualTo(Duration.ofMillis(5));
		assertThat(limit.rate()).isEqualTo("6 in PT1M at once 7 by X-Key");
		assertThat(limit.priority()).isEqualTo(Priority.CRITICAL);
	}

	@Test
	void hasDefaults() {
		set("a", "paths=/a", "max-concurrent=3");
		LimitSnapshot limit = limits().snapshot().get(0);
		assertThat(limit.maxQueue()).isZero();
		assertThat(limit.timeout()).isNull();
		assertThat(limit.rate()).isNull();
		this.properties.clear();
		set("a", "paths=/a", "max-concurrent=3", "max-queue=1");
		assertThat(limits().snapshot().get(0).maxWait()).isEqualTo(Duration.ofSeconds(1));
		set("a", "rate.permits=5");
		assertThat(limits().snapshot().get(0).rate()).isEqualTo("5 in PT1S at once 5 by EVERYBODY");
	}

	@Test
	void headerThatCannotBeStopsTheStart() {
		set("a", "paths=/a", "rate.permits=1", "rate.key=header", "rate.header=X Key");
		assertThat(analysis().getDescription()).contains("'X Key' of 'loopline.web.limits.a.rate.header'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "timeout=0s", "timeout=-1s", "max-concurrent=0", "max-concurrent=-3", "max-queue=-1",
			"max-wait=0s", "rate.permits=0", "rate.period=0s", "rate.burst=0", "methods=GTE", "paths=/a/{b" })
	void valueThatCannotBeStopsTheStart(String setting) {
		set("a", "paths=/a", "timeout=1s", "max-concurrent=1", "max-queue=1", "max-wait=1s", "rate.permits=1", setting);
		String[] parts = setting.split("=");
		assertThat(analysis().getDescription()).contains("'" + parts[1].replace("0s", "PT0S").replace("-1s", "PT-1S"))
			.contains("'loopline.web.limits.a." + parts[0] + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-queue=1 max-concurrent", "max-wait=1s max-queue", "rate.burst=3 rate.permits",
			"rate.period=3s rate.permits", "rate.key=principal rate.permits", "rate.header=x rate.permits",
			"rate.headers=true rate.permits", "rate.store=redis rate.permits" })
	void settingThatDoesNothingByItselfStopsTheStart(String settings) {
		String[] parts = settings.split(" ");
		set("a", "paths=/a", "timeout=1s", parts[0]);
		FailureAnalysis analysis = analysis();
		assertThat(analysis.getDescription()).contains("loopline.web.limits.a." + parts[0].split("=")[0]);
		assertThat(analysis.getAction()).contains("loopline.web.limits.a." + parts[1]);
	}

	@Test
	void limitWithoutPathsOrSettingsStopsTheStart() {
		set("a", "timeout=1s");
		assertThat(analysis().getDescription()).contains("loopline.web.limits.a.paths");
		this.properties.clear();
		set("a", "paths=/a");
		assertThat(analysis().getDescription()).isEqualTo("'loopline.web.limits.a' sets no limit");
	}

	@Test
	void headersNeedANameAndNamesAHeader() {
		set("a", "paths=/a", "rate.permits=1", "rate.key=header");
		assertThat(analysis().getAction()).contains("loopline.web.limits.a.rate.header");
		this.properties.clear();
		set("a", "paths=/a", "rate.permits=1", "rate.header=X-Key");
		assertThat(analysis().getAction()).contains("loopline.web.limits.a.rate.key");
	}

	@Test
	void rateOfAllInstancesNeedsTheirStore() {
		set("a", "paths=/a", "rate.permits=1", "rate.store=redis");
		FailureAnalysis analysis = analysis();
		assertThat(analysis.getDescription()).contains("'redis' of 'loopline.web.limits.a.rate.store'", "Bucket4j");
		assertThat(analysis.getAction()).contains("com.bucket4j:bucket4j_jdk17-lettuce", "local");
		this.properties.clear();
		handle("sharedRate", "/a", RequestMethod.GET);
		assertThat(analysis().getDescription()).contains("'redis' of 'rate.store of @Limits at Handlers.sharedRate'");
	}

	@Test
	void rateThatIsTooSlowToCountStopsTheStart() {
		set("a", "paths=/a", "rate.permits=1", "rate.period=1000d", "rate.burst=1000000");
		assertThat(analysis().getDescription()).contains("'PT24000H'", "loopline.web.limits.a.rate.period");
	}

	@Test
	void limitsThatContradictEachOtherStopTheStart() {
		set("a", "paths=/users/{id}", "timeout=1s");
		set("b", "paths=/users/{name}", "methods=GET", "timeout=2s");
		FailureAnalysis analysis = analysis();
		assertThat(analysis.getDescription()).contains("'loopline.web.limits.a.timeout' is 'PT1S'",
				"'loopline.web.limits.b.timeout' is 'PT2S'", "/users/{id}");
		assertThat(analysis.getAction()).isNotBlank();
	}

	@ParameterizedTest
	@ValueSource(strings = { "b paths=/users/{name} timeout=1s", "b paths=/users/{name} max-concurrent=3",
			"b paths=/users/* timeout=2s", "b paths=/users/me timeout=2s",
			"b paths=/users/{name} methods=POST timeout=2s" })
	void limitsThatAgreeOrHoldForOthersDoNot(String other) {
		set("a", "paths=/users/{id}", "methods=GET", "timeout=1s");
		String[] parts = other.split(" ");
		set(parts[0], List.of(parts).subList(1, parts.length).toArray(String[]::new));
		assertThat(limits().snapshot()).hasSize(2);
	}

	@Test
	void mostSpecificPatternCountsForEachSetting() {
		set("all", "paths=/**", "priority=sheddable", "rate.permits=5");
		set("one", "paths=/one/**", "priority=critical");
		RequestLimits limits = limits();
		assertThat(limits.priorityOf(get("/other"))).isEqualTo(Priority.SHEDDABLE);
		assertThat(limits.priorityOf(get("/one/two"))).isEqualTo(Priority.CRITICAL);
		Route route = limits.table().find(get("/one/two"));
		assertThat(route).isNotNull();
		assertThat(route).isSameAs(limits.table().find(get("/one/three")))
			.isNotSameAs(limits.table().find(get("/other")));
	}

	@Test
	void requestsForTheActuatorHaveNoLimits() {
		set("all", "paths=/**", "priority=sheddable");
		assertThat(limits().priorityOf(get("/manage/health"))).isEqualTo(Priority.NORMAL);
		assertThat(limits().table().find(get("/manage/health"))).isNull();
	}

	@Test
	void methodsTellRequestsApart() {
		set("a", "paths=/a", "methods=GET", "priority=critical");
		RequestLimits limits = limits();
		assertThat(limits.table().find(get("/a"))).isNotNull();
		assertThat(limits.table().find(MockServerHttpRequest.head("/a").build())).isNotNull();
		assertThat(limits.table().find(MockServerHttpRequest.post("/a").build())).isNull();
		assertThat(limits.table().find(MockServerHttpRequest.method(HttpMethod.OPTIONS, "/a").build())).isNull();
	}

	@Test
	void annotationSaysTheSame() {
		handle("limited", "/a/{id}", RequestMethod.GET);
		assertThat(limits().snapshot().get(0)).satisfies((limit) -> {
			assertThat(limit.name()).isEqualTo("Handlers.limited");
			assertThat(limit.routes()).containsExactly("GET /a/{id}");
			assertThat(limit.timeout()).isEqualTo(Duration.ofSeconds(2));
			assertThat(limit.maxConcurrent()).isEqualTo(3);
			assertThat(limit.maxQueue()).isEqualTo(4);
			assertThat(limit.maxWait()).isEqualTo(Duration.ofMillis(500));
			assertThat(limit.rate()).isEqualTo("6 in PT1S at once 6 by PRINCIPAL");
			assertThat(limit.priority()).isEqualTo(Priority.SHEDDABLE);
		});
		assertThat(limits().limitPrincipals()).isTrue();
	}

	@Test
	void annotationHoldsForItsHandlerAlone() {
		handle("limited", "/a/{id}", RequestMethod.GET);
		handle("other", "/a/me", RequestMethod.GET);
		handle("other", "/a/put", RequestMethod.PUT);
		RequestLimits limits = limits();
		assertThat(limits.priorityOf(get("/a/7"))).isEqualTo(Priority.SHEDDABLE);
		assertThat(limits.priorityOf(get("/a/me"))).isEqualTo(Priority.NORMAL);
		assertThat(limits.priorityOf(get("/a/put"))).isEqualTo(Priority.SHEDDABLE);
	}

	@Test
	void annotationOfAControllerHoldsForAllItsHandlersTogether() {
		handle(LimitedHandlers.class, "one", "/one", RequestMethod.GET);
		handle(LimitedHandlers.class, "two", "/two", RequestMethod.GET);
		handle(LimitedHandlers.class, "own", "/own", RequestMethod.GET);
		assertThat(limits().snapshot()).extracting(LimitSnapshot::name, LimitSnapshot::routes)
			.containsExactlyInAnyOrder(Tuple.tuple("LimitedHandlers", List.of("GET /one", "GET /two")),
					Tuple.tuple("mine", List.of("GET /own")));
		LimitTable table = limits().table();
		assertThat(table.find(get("/one"))).isSameAs(table.find(get("/two"))).isNotSameAs(table.find(get("/own")));
	}

	@Test
	void handlersOfOneNameHaveLimitsAndNamesOfTheirOwn() {
		handle("alike", "/alike", RequestMethod.GET);
		this.handlers.put(RequestMappingInfo.paths("/alike/{id}").build(), new HandlerMethod(new Handlers(),
				Objects.requireNonNull(ReflectionUtils.findMethod(Handlers.class, "alike", String.class))));
		handle(Other.LimitedHandlers.class, "one", "/other", RequestMethod.GET);
		handle(LimitedHandlers.class, "one", "/one", RequestMethod.GET);
		assertThat(limits().snapshot()).extracting(LimitSnapshot::name, LimitSnapshot::maxConcurrent)
			.containsExactlyInAnyOrder(Tuple.tuple("Handlers.alike()", 7), Tuple.tuple("Handlers.alike(String)", 8),
					Tuple.tuple(Other.LimitedHandlers.class.getName(), 9),
					Tuple.tuple(LimitedHandlers.class.getName(), 1));
		assertThat(limits().snapshot()).extracting(LimitSnapshot::routes)
			.containsExactlyInAnyOrder(List.of("GET /alike"), List.of("/alike/{id}"), List.of("GET /other"),
					List.of("GET /one"));
	}

	@Test
	void limitsOfOneNameAreCountedTogether() {
		handle(LimitedHandlers.class, "own", "/own", RequestMethod.GET);
		set("mine", "paths=/a", "max-concurrent=2");
		set("other", "paths=/b", "max-concurrent=4");
		RequestLimits limits = limits();
		limits.table().limits().forEach((limit) -> limit.count(LimitOutcome.ACCEPTED).increment());
		MeterRegistry meters = new SimpleMeterRegistry();
		new LimitMetrics(limits).bindTo(meters);
		assertThat(meters.get("loopline.limits.requests")
			.tags("limit", "mine", "outcome", "accepted")
			.functionCounter()
			.count()).isEqualTo(2);
		assertThat(meters.get("loopline.limits.max-concurrent").tag("limit", "mine").gauge().value()).isEqualTo(2);
		assertThat(meters.get("loopline.limits.max-concurrent").tag("limit", "other").gauge().value()).isEqualTo(4);
	}

	@Test
	void annotationAndPropertyThatContradictEachOtherStopTheStart() {
		handle("limited", "/a/{id}", RequestMethod.GET);
		set("a", "paths=/a/{number}", "max-concurrent=5");
		assertThat(analysis().getDescription()).contains("loopline.web.limits.a.max-concurrent",
				"maxConcurrent of @Limits at Handlers.limited");
	}

	@Test
	void handlersThatOnlyAHeaderTellsApartHaveTheSameLimitsOrNone() {
		handle("limited", "/a", RequestMethod.GET);
		RequestMappingInfo other = RequestMappingInfo.paths("/a").methods(RequestMethod.GET).params("x").build();
		this.handlers.put(other, new HandlerMethod(new Handlers(), method(Handlers.class, "other")));
		assertThat(analysis().getDescription()).contains("@Limits at Handlers.limited cannot hold for GET /a alone",
				"Handlers#other");
	}

	@ParameterizedTest
	@ValueSource(strings = { "badTimeout timeout 'soon'", "badQueue maxQueue '3'", "empty @Limits",
			"badRate rate.permits '0'" })
	void wrongAnnotationStopsTheStart(String wrong) {
		String[] parts = wrong.split(" ");
		handle(parts[0], "/a", RequestMethod.GET);
		assertThat(analysis().getDescription()).contains("@Limits at Handlers." + parts[0])
			.contains(List.of(parts).subList(1, parts.length));
	}

	private static MockServerHttpRequest get(String path) {
		return MockServerHttpRequest.get(path).build();
	}

	private void set(String name, String... settings) {
		for (String setting : settings) {
			String[] parts = setting.split("=");
			this.properties.put("loopline.web.limits." + name + "." + parts[0], parts[1]);
		}
	}

	private void handle(String method, String path, RequestMethod httpMethod) {
		handle(Handlers.class, method, path, httpMethod);
	}

	private void handle(Class<?> type, String method, String path, RequestMethod httpMethod) {
		Object bean = BeanUtils.instantiateClass(type);
		this.handlers.put(RequestMappingInfo.paths(path).methods(httpMethod).build(),
				new HandlerMethod(bean, method(type, method)));
	}

	private static Method method(Class<?> type, String name) {
		Method method = ReflectionUtils.findMethod(type, name);
		assertThat(method).isNotNull();
		return method;
	}

	private RequestLimits limits() {
		LimitsProperties bound = new Binder(new MapConfigurationPropertySource(this.properties))
			.bindOrCreate("loopline.web", LimitsProperties.class);
		return RequestLimits.of(bound, PathPatternParser.defaultInstance, this.handlers,
				new RateKeys(UnaryOperator.identity()), new ManagementPath("/manage"), SharedRates.NONE);
	}

	private FailureAnalysis analysis() {
		InvalidLimitException ex = catchThrowableOfType(InvalidLimitException.class, this::limits);
		assertThat(ex).isNotNull();
		FailureAnalysis analysis = new InvalidLimitFailureAnalyzer().analyze(ex);
		assertThat(analysis).isNotNull();
		return analysis;
	}

	static class Handlers {

		@Limits(timeout = "2s", maxConcurrent = 3, maxQueue = 4, maxWait = "500ms",
				rate = @Limits.Rate(permits = 6, key = RateKey.PRINCIPAL), priority = Priority.SHEDDABLE)
		void limited() {
		}

		void other() {
		}

		@Limits(maxConcurrent = 7)
		void alike() {
		}

		@Limits(maxConcurrent = 8)
		void alike(String id) {
		}

		@Limits(timeout = "soon")
		void badTimeout() {
		}

		@Limits(maxQueue = 3)
		void badQueue() {
		}

		@Limits
		void empty() {
		}

		@Limits(rate = @Limits.Rate(permits = 0))
		void badRate() {
		}

		@Limits(rate = @Limits.Rate(permits = 1, store = RateStore.REDIS))
		void sharedRate() {
		}

	}

	@Limits(maxConcurrent = 1)
	static class LimitedHandlers {

		void one() {
		}

		void two() {
		}

		@Limits(name = "mine", timeout = "1s")
		void own() {
		}

	}

	static class Other {

		@Limits(maxConcurrent = 9)
		static class LimitedHandlers {

			void one() {
			}

		}

	}

}
