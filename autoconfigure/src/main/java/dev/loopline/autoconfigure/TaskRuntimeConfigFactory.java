package dev.loopline.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.core.env.Environment;

import dev.loopline.runtime.InvalidTaskRuntimeConfigException;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskRuntimeConfigBuilder;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallLog;

/**
 * Makes the configurations of runtimes: from the properties first, then by the
 * customizers.
 */
public final class TaskRuntimeConfigFactory {

	private static final Advice ADVICE = new Advice(
			"No other connection waits for it, but it costs a thread: return a Mono or Flux instead, or call it "
					+ "through TaskRuntime.spawnBlocking, or list the route in loopline.web.blocking-routes",
			"No other connection waits for it, but all share the CPU: make it cheaper or do it in smaller steps, "
					+ "or list the route in loopline.web.blocking-routes",
			"List their routes in loopline.web.blocking-routes, or raise loopline.blocking.max-threads");

	private final TaskRuntimeProperties properties;

	private final StallListenerBeans listeners;

	private final BeanFactory beanFactory;

	private final Environment environment;

	private final ObjectProvider<TaskRuntimeConfigCustomizer> customizers;

	TaskRuntimeConfigFactory(TaskRuntimeProperties properties, StallListenerBeans listeners, BeanFactory beanFactory,
			Environment environment, ObjectProvider<TaskRuntimeConfigCustomizer> customizers) {
		this.properties = properties;
		this.listeners = listeners;
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.customizers = customizers;
	}

	/**
	 * Makes the configuration of the application's runtime.
	 */
	TaskRuntimeConfig create() {
		return TaskRuntimeConfig.of(this::configure);
	}

	/**
	 * Makes the configuration of a runtime beside that of the application. Its stalls are
	 * nobody's business.
	 * @param name what its threads are called, after the prefix of all threads
	 * @param differences changes the configuration last
	 * @return the configuration
	 */
	public TaskRuntimeConfig createBeside(String name, Consumer<TaskRuntimeConfigBuilder> differences) {
		return TaskRuntimeConfig.of((builder) -> {
			configure(builder);
			builder.threadFactory(new RuntimeThreadFactory(this.properties.getThreadNamePrefix() + name))
				.stallLog(StallLog.OFF)
				.stallListeners(List.of())
				.foreignThreads(ForeignThreads.NONE);
			differences.accept(builder);
		});
	}

	private void configure(TaskRuntimeConfigBuilder builder) {
		if (AutoConfigurationPackages.has(this.beanFactory)) {
			builder.applicationPackages(AutoConfigurationPackages.get(this.beanFactory));
		}
		builder.advice(ADVICE).stallListeners(this.listeners);
		if (this.properties.isEnabled() && this.properties.getStall().isForeign()) {
			builder.foreignThreads(new LibraryThreads(this::isSwitchedOff));
		}
		applyProperties(builder);
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
	}

	private boolean isSwitchedOff(String property) {
		return "false".equalsIgnoreCase(this.environment.getProperty(property));
	}

	private void applyProperties(TaskRuntimeConfigBuilder builder) {
		TaskRuntimeProperties properties = this.properties;
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::getFlavour).to(builder::flavour);
		map.from(properties::getWorkers).to(builder::workers);
		map.from(properties::getGlobalQueueInterval).to(builder::globalQueueInterval);
		map.from(properties::getEventInterval).to(builder::eventInterval);
		map.from(properties::getIdleSpin).to(builder::idleSpin);
		map.from(properties::getThreadNamePrefix).as(RuntimeThreadFactory::new).to(builder::threadFactory);
		map.from(properties.getCoop()::getBudget).to(builder::budget);
		map.from(properties.getCoop()::getQuantum).to(builder::quantum);
		map.from(properties.getBlocking()::getMaxThreads).to(builder::blockingThreads);
		builder.blockingOn(properties.getBlocking().getThreads(), properties.getBlocking().getMaxVirtualThreads());
		map.from(properties.getBlocking()::getQueueCapacity).to(builder::blockingQueueCapacity);
		checkMaxWait(properties.getBlocking().getMaxWait());
		map.from(properties.getBlocking()::getKeepAlive).to(builder::blockingKeepAlive);
		builder.burnShare(properties.getBlocking().getBurnShare());
		map.from(properties.getBlocking()::isAllowBlock).to(builder::allowBlocking);
		map.from(properties.getStall()::getThreshold).to(builder::stallThreshold);
		map.from(properties.getStall()::getLog).to(builder::stallLog);
		map.from(properties.getStall()::getApplicationPackages)
			.when((packages) -> !packages.isEmpty())
			.to(builder::applicationPackages);
		map.from(properties.getStall()::getFrameworkPackages).to(builder::frameworkPackages);
	}

	/**
	 * No part of the runtime's configuration: it is requests that wait.
	 */
	private static void checkMaxWait(Duration maxWait) {
		if (maxWait.isNegative() || maxWait.isZero() || maxWait.compareTo(Duration.ofDays(1)) > 0) {
			throw new InvalidTaskRuntimeConfigException("loopline.blocking.max-wait", maxWait,
					"longer than zero and at most a day");
		}
	}

}
