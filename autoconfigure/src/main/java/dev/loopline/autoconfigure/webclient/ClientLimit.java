package dev.loopline.autoconfigure.webclient;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.webclient.ClientLimitSettings.Concurrency;
import dev.loopline.autoconfigure.webclient.ClientLimitSettings.Hedge;
import dev.loopline.autoconfigure.webclient.ClientLimitSettings.Retry;
import dev.loopline.autoconfigure.webclient.ServiceDiscovery.Server;
import dev.loopline.layers.AdaptiveLimitLayer;
import dev.loopline.layers.HedgeLayer;
import dev.loopline.layers.LayerTimeoutException;
import dev.loopline.layers.OverloadedException;
import dev.loopline.layers.OverloadedException.Reason;
import dev.loopline.layers.PeakEwmaBalance;
import dev.loopline.layers.RetryBudget;
import dev.loopline.layers.RetryLayer;
import dev.loopline.layers.Service;
import dev.loopline.layers.Stack;
import dev.loopline.layers.ThrottleLayer;
import dev.loopline.layers.TimeoutLayer;

/**
 * A limit that all requests to its hosts share, whatever client sends them, as layers
 * around the exchange. From outside: the time in all; the retries; whether the host is
 * asked at all; the second request; which instance; how many at a time; the time of one
 * attempt. Safe for use by many threads.
 */
final class ClientLimit {

	/**
	 * Hosts with layers of their own, as a pattern may match any number; the others share
	 * some.
	 */
	private static final int MAX_HOSTS = 1_000;

	/** Finagle's, as {@link RetryBudget#ofDefaults} has. */
	private static final Duration BUDGET_WINDOW = Duration.ofSeconds(10);

	/** Whoever is asked for more patience than that passes the answer on. */
	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	private final String name;

	private final ClientLimitSettings settings;

	private final Service<ClientCall, ClientResponse> service;

	private final Map<String, ThrottleLayer<ClientCall, ClientResponse>> throttles = new ConcurrentHashMap<>();

	private final Map<String, AdaptiveLimitLayer<ClientCall, ClientResponse>> concurrency = new ConcurrentHashMap<>();

	private final @Nullable HedgeLayer<ClientCall, ClientResponse> hedge;

	private final Map<ClientOutcome, LongAdder> counts = ClientOutcome.newCounts();

	ClientLimit(String name, ClientLimitSettings settings) {
		this.name = name;
		this.settings = settings;
		this.hedge = (settings.hedge() != null) ? newHedge(settings.hedge()) : null;
		Stack<ClientCall, ClientResponse> stack = Stack.empty();
		if (settings.timeout() != null) {
			stack = stack.add(TimeoutLayer.of(settings.timeout()));
		}
		if (settings.retry() != null) {
			stack = stack.add(newRetry(settings.retry()));
		}
		if (settings.throttle()) {
			stack = stack.add((inner) -> (call) -> throttle(call.host()).around(inner).call(call));
		}
		if (this.hedge != null) {
			stack = stack.add(this.hedge);
		}
		this.service = stack.around(servers());
	}

	private RetryLayer<ClientCall, ClientResponse> newRetry(Retry retry) {
		RetryBudget budget = new RetryBudget(retry.budget(), retry.minPerSecond(), BUDGET_WINDOW, System::nanoTime);
		return RetryLayer.<ClientCall, ClientResponse>builder(budget, retry.maxAttempts())
			.backoff(retry.backoff(), retry.maxBackoff())
			.onlyIf((call) -> retry.methods().contains(call.request().method()))
			.onError(ClientLimit::mayNotHappenAgain)
			.onAnswer((answer) -> retry.statuses().contains(answer.statusCode().value()) && mayBeWaitedFor(answer),
					ClientLimit::retryAfter, ClientLimit::release)
			.onRetry((enough) -> count(enough ? ClientOutcome.RETRIED : ClientOutcome.RETRY_WITHOUT_BUDGET))
			.build();
	}

	private HedgeLayer<ClientCall, ClientResponse> newHedge(Hedge hedge) {
		RetryBudget budget = new RetryBudget(hedge.budget(), 0, BUDGET_WINDOW, System::nanoTime);
		return HedgeLayer.<ClientCall, ClientResponse>builder(hedge.percentile() / 100, budget)
			.measured(hedge.minDataPoints(), hedge.period())
			.onlyIf((call) -> Retry.IDEMPOTENT.contains(call.request().method()) && call.hasNoBody())
			.discard(ClientLimit::release)
			.onHedge((end) -> count(ClientOutcome.of(end)))
			.build();
	}

	private Service<ClientCall, ClientResponse> attempt() {
		Stack<ClientCall, ClientResponse> stack = Stack.empty();
		Concurrency concurrency = this.settings.concurrency();
		if (concurrency != null) {
			stack = stack.add((inner) -> (call) -> concurrency(call.host(), concurrency).around(inner).call(call));
		}
		if (this.settings.attemptTimeout() != null) {
			stack = stack.add(TimeoutLayer.of(this.settings.attemptTimeout()));
		}
		return stack.around(ClientCall::send);
	}

	private Service<ClientCall, ClientResponse> servers() {
		Service<ClientCall, ClientResponse> attempt = attempt();
		if (this.settings.discovery() != null) {
			return new DiscoveredServices(this.settings.discovery(), attempt);
		}
		List<ServicePlace> places = this.settings.instances()
			.stream()
			.map((instance) -> new ServicePlace(new Server(null, instance), attempt))
			.toList();
		return places.isEmpty() ? attempt : balance(places);
	}

	static PeakEwmaBalance<ClientCall, ClientResponse> balance(List<ServicePlace> places) {
		return new PeakEwmaBalance<>(places, (answer) -> answer.statusCode().is5xxServerError());
	}

	private ThrottleLayer<ClientCall, ClientResponse> throttle(String host) {
		return this.throttles.computeIfAbsent(key(this.throttles, host),
				(added) -> ThrottleLayer.<ClientCall, ClientResponse>ofDefaults()
					.refusedIf((answer) -> !isRefusal(answer), (error) -> !(error instanceof OverloadedException)));
	}

	private AdaptiveLimitLayer<ClientCall, ClientResponse> concurrency(String host, Concurrency settings) {
		return this.concurrency.computeIfAbsent(key(this.concurrency, host),
				(added) -> AdaptiveLimitLayer
					.<ClientCall, ClientResponse>of(settings.min(), settings.initial(), settings.max(),
							System::nanoTime)
					.refusedIf(ClientLimit::isRefusal, (error) -> error instanceof LayerTimeoutException));
	}

	private static String key(Map<String, ?> hosts, String host) {
		return (hosts.size() < MAX_HOSTS || hosts.containsKey(host)) ? host : "others";
	}

	private static boolean isRefusal(ClientResponse answer) {
		int status = answer.statusCode().value();
		return status == 503 || status == 429;
	}

	private static boolean mayNotHappenAgain(Throwable error) {
		return error instanceof WebClientRequestException && error.getCause() instanceof IOException
				|| error instanceof LayerTimeoutException
				|| error instanceof OverloadedException overloaded && overloaded.reason() != Reason.THROTTLED;
	}

	private static boolean mayBeWaitedFor(ClientResponse answer) {
		Duration asked = retryAfter(answer);
		return asked == null || asked.compareTo(LONGEST_PAUSE) <= 0;
	}

	/** In seconds, or until a date. */
	private static @Nullable Duration retryAfter(ClientResponse answer) {
		String value = answer.headers().asHttpHeaders().getFirst(HttpHeaders.RETRY_AFTER);
		if (value == null) {
			return null;
		}
		try {
			return value.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : Duration
				.between(Instant.now(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static void release(ClientResponse answer) {
		answer.releaseBody().onErrorComplete().subscribe();
	}

	Mono<ClientResponse> call(ClientCall call) {
		return this.service.call(call)
			.doOnNext((answer) -> count(ClientOutcome.ANSWERED))
			.doOnError((error) -> count(ClientOutcome.of(error)));
	}

	private void count(ClientOutcome outcome) {
		this.counts.getOrDefault(outcome, new LongAdder()).increment();
	}

	String name() {
		return this.name;
	}

	Map<ClientOutcome, LongAdder> counts() {
		return this.counts;
	}

	int inFlight() {
		return this.concurrency.values().stream().mapToInt(AdaptiveLimitLayer::inFlight).sum();
	}

	/**
	 * Returns how many requests there may be at a time, of all hosts together that have
	 * been asked.
	 */
	int maxConcurrent() {
		return this.concurrency.values().stream().mapToInt(AdaptiveLimitLayer::maxConcurrent).sum();
	}

	boolean learnsConcurrency() {
		return this.settings.concurrency() != null;
	}

	ClientLimitSnapshot snapshot() {
		Map<String, ClientLimitSnapshot.Host> hosts = new TreeMap<>();
		this.throttles.forEach((host, throttle) -> hosts.put(host, ClientLimitSnapshot.Host.of(throttle)));
		this.concurrency.forEach(
				(host, limit) -> hosts.merge(host, ClientLimitSnapshot.Host.of(limit), ClientLimitSnapshot.Host::with));
		Map<String, Long> requests = new TreeMap<>();
		this.counts.forEach((outcome, count) -> requests.put(outcome.tag(), count.sum()));
		Duration hedgeDelay = (this.hedge != null) ? this.hedge.delay() : null;
		return new ClientLimitSnapshot(this.name, this.settings.timeout(), this.settings.attemptTimeout(), hedgeDelay,
				requests, hosts);
	}

}
