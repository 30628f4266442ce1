package dev.loopline.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.loopline.autoconfigure.support.FailureAnalyses;
import dev.loopline.runtime.InvalidTaskRuntimeConfigException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InvalidTaskRuntimeConfigFailureAnalyzer}.
 */
class InvalidTaskRuntimeConfigFailureAnalyzerTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TaskRuntimeAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			loopline.workers                 | -1        | from 1 to 1024
			loopline.workers                 | 1025      | from 1 to 1024
			loopline.global-queue-interval   | -1        | from 0 to 1048576
			loopline.event-interval          | 0         | from 1 to 1048576
			loopline.idle-spin               | -1ms      | at least zero and at most a second
			loopline.idle-spin               | 1001ms    | at least zero and at most a second
			loopline.coop.budget             | 0         | from 1 to 1048576
			loopline.coop.quantum            | 0ms       | longer than zero and at most a day
			loopline.coop.quantum            | 2d        | longer than zero and at most a day
			loopline.blocking.max-threads    | 0         | from 1 to 1048576
			loopline.blocking.queue-capacity | -5        | from 0 to 16777216
			loopline.blocking.max-virtual-threads | -1   | from 0 to 2147483647
			loopline.blocking.max-wait       | 0s        | longer than zero and at most a day
			loopline.blocking.max-wait       | 25h       | longer than zero and at most a day
			loopline.blocking.burn-share     | 0.0       | above 0 and at most 1
			loopline.blocking.burn-share     | 1.5       | above 0 and at most 1
			loopline.blocking.keep-alive     | -1s       | longer than zero and at most a day
			loopline.stall.threshold         | 0ms       | longer than zero and at most a day
			""")
	void namesKeyAndValueAndAction(String key, String value, String allowed) {
		this.contextRunner.withPropertyValues(key + "=" + value).run((context) -> {
			FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'" + key + "'").contains("was refused");
			assertThat(analysis.getAction()).contains("'" + key + "'").contains(allowed);
			assertThat(analysis.getCause()).isInstanceOf(InvalidTaskRuntimeConfigException.class);
			String refused = ((InvalidTaskRuntimeConfigException) analysis.getCause()).getValue();
			assertThat(analysis.getDescription()).contains("'" + refused + "'");
		});
	}

	@Test
	void namesFlavourWhenItAllowsOneWorkerOnly() {
		this.contextRunner.withPropertyValues("loopline.flavour=current-thread", "loopline.workers=2")
			.run((context) -> {
				FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("'2'", "'loopline.workers'");
				assertThat(analysis.getAction()).contains("1 for the current-thread flavour");
			});
	}

	@Test
	void namesComponentThatHasNoKey() {
		this.contextRunner.withBean(TaskRuntimeConfigCustomizer.class, () -> (builder) -> builder.queueCapacity(100))
			.run((context) -> {
				FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("'100'", "'queueCapacity'");
				assertThat(analysis.getAction()).contains("a power of two");
			});
	}

	@ParameterizedTest
	@CsvSource({ "loopline.workers, abc", "loopline.coop.quantum, soon" })
	void leavesValueThatCannotBeConvertedToSpringBoot(String key, String value) {
		this.contextRunner.withPropertyValues(key + "=" + value).run((context) -> {
			FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains(key).contains(value);
			assertThat(analysis.getAction()).isEqualTo("Update your application's configuration");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			loopline.netty.transport | FOO | AUTO EPOLL NIO
			loopline.flavour         | FOO | CURRENT_THREAD MULTI_THREAD
			""")
	void leavesUnknownConstantToSpringBootWhichListsTheKnown(String key, String value, String known) {
		this.contextRunner.withPropertyValues(key + "=" + value).run((context) -> {
			FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains(key).contains(value);
			assertThat(analysis.getAction()).contains(known.split(" "));
		});
	}

}
