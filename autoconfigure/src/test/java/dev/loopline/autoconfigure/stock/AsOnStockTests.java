package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import reactor.core.publisher.Hooks;

import dev.loopline.autoconfigure.stock.KnownDifferences.Difference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that clients and handlers see on every {@link Way} what they see on stock
 * WebFlux. The system property {@code stock.exchanges} is a pattern of those to look at.
 */
@Tag("stock")
class AsOnStockTests {

	private static final int AT_ONCE = 12;

	/** What is known to differ does so soon, most often by silence. */
	private static final int KNOWN_PATIENCE = 10;

	/** Some are never heard of, even on stock. */
	private static final int FAULT_PATIENCE = 20;

	private static final int PATIENCE = 100;

	private static final List<String> LOGGERS = List.of("reactor", "org.springframework", "io.netty", "dev.loopline");

	private static final ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);

	private static final Map<Exchange, Observation> right = new ConcurrentHashMap<>();

	@AfterAll
	static void stop() {
		Hooks.disableAutomaticContextPropagation();
		ContextRegistry.getInstance().removeThreadLocalAccessor(ContextController.KEY);
		Way.stopAll();
		clients.shutdown();
		setLevels(null);
	}

	private static void setLevels(LogLevel level) {
		LoggingSystem logging = LoggingSystem.get(AsOnStockTests.class.getClassLoader());
		LOGGERS.forEach((logger) -> logging.setLogLevel(logger, level));
	}

	@TestFactory
	Stream<DynamicContainer> everyWay() {
		List<Exchange> exchanges = Stream
			.of(PlainExchanges.all(), AbortedExchanges.all(), RawHttp1Exchanges.all(), RawHttp2Exchanges.all())
			.flatMap((group) -> group.stream())
			.toList();
		assertThat(exchanges).extracting(Exchange::name).doesNotHaveDuplicates();
		assertThat(KnownDifferences.unknown(exchanges)).isEmpty();
		return Arrays.stream(Way.values())
			.map((way) -> DynamicContainer.dynamicContainer(way.name(), tests(way, chosen(way, exchanges))));
	}

	private static List<Exchange> chosen(Way way, List<Exchange> exchanges) {
		Pattern pattern = Pattern.compile(System.getProperty("stock.exchanges", ""));
		return exchanges.stream().filter((exchange) -> pattern.matcher(way + ": " + exchange.name()).find()).toList();
	}

	private static Stream<DynamicTest> tests(Way way, List<Exchange> exchanges) {
		List<DynamicTest> tests = new ArrayList<>();
		Map<Exchange, Future<Observation>> seen = new LinkedHashMap<>();
		tests.add(DynamicTest.dynamicTest(way + ": starts", () -> {
			Way.STOCK.start();
			way.start();
			setLevels(LogLevel.OFF);
			seen.putAll(runAll(exchanges, (exchange) -> observe(way, exchange)));
		}));
		exchanges.forEach((exchange) -> tests.add(DynamicTest.dynamicTest(way + ": " + exchange.name(),
				() -> compare(way, exchange, seen.get(exchange).get()))));
		tests
			.add(DynamicTest.dynamicTest(way + ": is the way that it says", () -> assertThat(way.strayed()).isEmpty()));
		return tests.stream();
	}

	private static Observation observe(Way way, Exchange exchange) throws Exception {
		if (!right.containsKey(exchange)) {
			right.put(exchange, Conversation.run(exchange, Way.STOCK.port(exchange.server()), null,
					exchange.isFault() ? FAULT_PATIENCE : PATIENCE));
		}
		Observation stock = right.get(exchange);
		if (way == Way.STOCK && exchange.isFault() && !stock.isComplete()) {
			return stock;
		}
		return Conversation.run(exchange, way.port(exchange.server()), stock, patience(way, exchange));
	}

	private static int patience(Way way, Exchange exchange) {
		if (KnownDifferences.find(way, exchange) != null) {
			return KNOWN_PATIENCE;
		}
		return exchange.isFault() ? FAULT_PATIENCE : PATIENCE;
	}

	private static void compare(Way way, Exchange exchange, Observation seen) {
		String differences = differences(way, exchange, seen);
		Difference known = KnownDifferences.find(way, exchange);
		if (known == null) {
			assertThat(differences).as("%s: %s: what differs from stock", way, exchange.name()).isEmpty();
		}
		else if (!known.sometimes()) {
			assertThat(differences)
				.as("%s: %s: is as on stock, take it from known-differences.txt (%s)", way, exchange.name(),
						known.reason())
				.isNotEmpty();
		}
	}

	/**
	 * Of some fatal errors nobody hears on stock, and of others only that a stream was
	 * cancelled, which is no measure: the exchange has to end.
	 */
	private static String differences(Way way, Exchange exchange, Observation seen) {
		Observation stock = right.get(exchange);
		if (exchange.isFault()) {
			return (seen.isSilent() && way != Way.STOCK) ? "the exchange does not end: " + seen.client() : "";
		}
		return seen.differencesFrom(stock);
	}

	/**
	 * Runs exchanges, first those without context propagation, which applies to the whole
	 * JVM.
	 */
	private static <T> Map<Exchange, Future<T>> runAll(List<Exchange> exchanges, Run<T> run) throws Exception {
		Map<Exchange, Future<T>> results = new LinkedHashMap<>();
		for (boolean propagates : new boolean[] { false, true }) {
			if (propagates) {
				Hooks.enableAutomaticContextPropagation();
			}
			Map<Exchange, Callable<T>> calls = new LinkedHashMap<>();
			exchanges.stream()
				.filter((exchange) -> exchange.propagates() == propagates)
				.forEach((exchange) -> calls.put(exchange, () -> run.with(exchange)));
			List<Future<T>> futures = clients.invokeAll(calls.values());
			List<Exchange> keys = new ArrayList<>(calls.keySet());
			for (int i = 0; i < keys.size(); i++) {
				results.put(keys.get(i), futures.get(i));
			}
		}
		Hooks.disableAutomaticContextPropagation();
		return results;
	}

	private interface Run<T> {

		T with(Exchange exchange) throws Exception;

	}

}
