package dev.loopline.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboards and rules of the chart, which name our meters.
 */
class DashboardTests {

	private static final Path CHART = Path.of("../helm/loopline-app");

	private static final Pattern METER = Pattern.compile("\\bloopline_[a-z_]+\\b");

	@ParameterizedTest
	@MethodSource
	void everyMeterThatAFileNamesExists(Path file) throws IOException {
		assertThat(meters(file)).isNotEmpty().isSubsetOf(known(file));
	}

	static Stream<Path> everyMeterThatAFileNamesExists() throws IOException {
		try (Stream<Path> files = Files.walk(CHART)) {
			return files.filter((file) -> file.getParent().endsWith("dashboards") || file.getParent().endsWith("rules"))
				.toList()
				.stream();
		}
	}

	@Test
	void dashboardShowsEveryMeterOfAWorker() throws IOException {
		assertThat(meters(CHART.resolve("dashboards/loopline.json"))).contains("loopline_worker_busy_seconds_total",
				"loopline_worker_queue_depth", "loopline_worker_parks_total", "loopline_worker_steals_total");
	}

	private static Set<String> meters(Path file) throws IOException {
		return meters(Files.readString(file));
	}

	private static Set<String> meters(String text) {
		Set<String> names = new TreeSet<>();
		Matcher matcher = METER.matcher(text);
		while (matcher.find()) {
			names.add(matcher.group());
		}
		return names;
	}

	/**
	 * Returns what Prometheus is given, and what the rules record.
	 */
	private static Set<String> known(Path file) throws IOException {
		Set<String> names = new TreeSet<>();
		Files.readAllLines(file)
			.stream()
			.filter((line) -> line.contains("record: "))
			.forEach((line) -> names.add(line.substring(line.indexOf("record: ") + 8).trim()));
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)))) {
			TaskRuntimeMetrics metrics = new TaskRuntimeMetrics(
					() -> TaskRuntimeMetricsTests.withStalls(runtime.diagnostics().snapshot(), Map.of("GET /", 1L)),
					runtime.config().ticker());
			metrics.bindTo(registry);
			new RefusalMetrics(new Refusals()).bindTo(registry);
			names.addAll(meters(registry.scrape()));
		}
		names.addAll(metersOfAnApplicationWithLimits());
		return names;
	}

	private static Set<String> metersOfAnApplicationWithLimits() {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--server.address=127.0.0.1", "--loopline.web.limits.all.paths=/**",
					"--loopline.web.limits.all.max-concurrent=1")) {
			context.getBeanProvider(MeterBinder.class).forEach((meters) -> meters.bindTo(registry));
			return meters(registry.scrape());
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
