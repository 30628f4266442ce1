package dev.loopline.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.javapoet.ClassName;
import reactor.netty.http.HttpResources;
import reactor.netty.tcp.TcpResources;
import reactor.netty.transport.ClientTransportConfig;

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

	@Test
	void everyVariableOfAHandleHasItsHint() throws IOException {
		RuntimeHints hints = hints();
		Pattern handle = Pattern.compile("findVarHandle\\((\\w+)\\.class, \"");
		List<String> variables = new ArrayList<>();
		for (String folder : List.of("../runtime/src/main/java", "../layers/src/main/java", "src/main/java")) {
			try (Stream<Path> files = Files.walk(Path.of(folder))) {
				for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
					Path type = Path.of(folder).relativize(file.getParent());
					handle.matcher(Files.readString(file)).results().forEach((match) -> {
						String name = type.toString().replace('/', '.') + "." + match.group(1);
						variables.add(name);
						assertThat(RuntimeHintsPredicates.reflection()
							.onType(TypeReference.of(name))
							.withMemberCategory(MemberCategory.ACCESS_DECLARED_FIELDS)).accepts(hints);
					});
				}
			}
		}
		assertThat(Set.copyOf(variables)).containsExactlyInAnyOrderElementsOf(LooplineRuntimeHints.VARIABLES);
	}

	@Test
	void whatIsReadOfOthersHasItsHint() {
		RuntimeHints hints = hints();
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(ClientTransportConfig.class, "RESOLVERS_CACHE"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(HttpResources.class, "httpResources"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(TcpResources.class)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS)).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("dev/loopline/console/console.html")).accepts(hints);
	}

	/** Finds the registrar as the framework does. */
	private static RuntimeHints hints() {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.forEach((registrar) -> registrar.registerHints(hints, AheadOfTimeTests.class.getClassLoader()));
		return hints;
	}

	private static String fileOf(Class<?> configuration) {
		return configuration.getName().replace('.', '/') + "__BeanDefinitions.java";
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
