package dev.loopline.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the processing of the auto-configurations ahead of time, as for a native
 * image.
 */
class AheadOfTimeTests {

	@Test
	void beansAreGeneratedAndPropertiesAreBoundWithoutHintsOfOurOwn() {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(AheadOfTimeTests.class)), files);
		try (var context = new AnnotationConfigReactiveWebServerApplicationContext()) {
			TestPropertyValues.of("management.server.port=0").applyTo(context);
			context.register(App.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet()).contains(fileOf(TaskRuntimeAutoConfiguration.class),
				fileOf(ReactorNettyRuntimeAutoConfiguration.class));
		assertThat(RuntimeHintsPredicates.reflection().onType(TaskRuntimeProperties.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(TaskRuntimeProperties.Netty.class))
			.accepts(generation.getRuntimeHints());
	}

	private static String fileOf(Class<?> configuration) {
		return configuration.getName().replace('.', '/') + "__BeanDefinitions.java";
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
