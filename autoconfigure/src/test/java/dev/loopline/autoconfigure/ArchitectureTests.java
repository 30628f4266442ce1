package dev.loopline.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.actuate.ManagementServerRuntimeConfiguration;
import dev.loopline.autoconfigure.reactor.BlockingPermit;
import dev.loopline.autoconfigure.reactor.BlockingVeto;
import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the shape of this module.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.loopline.autoconfigure";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@Test
	void autoConfigurationsArePublicAndFinalWithoutPublicMembers() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.or()
			.areAnnotatedWith(ManagementContextConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould(haveNoPublicMembers())
			.check(CLASSES);
	}

	@Test
	void beanMethodsHaveNoConditionOnClasses() {
		noMethods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.beAnnotatedWith(ConditionalOnClass.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnMissingClass.class)
			.check(CLASSES);
	}

	@Test
	void postProcessorsAreMadeByStaticMethods() {
		methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(JavaClass.Predicates.assignableTo(BeanPostProcessor.class)
				.or(JavaClass.Predicates.assignableTo(BeanFactoryPostProcessor.class)))
			.should()
			.beStatic()
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void nothingIsInjectedIntoFields() {
		noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class).check(CLASSES);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void rootPackageKnowsNoIntegration() {
		noClasses().that()
			.resideInAPackage(ROOT)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT + ".*..", "reactor.netty..", "org.springframework.boot.actuate..")
			.check(CLASSES);
	}

	@Test
	void integrationsKnowTheRuntimeAndOnlyThisOfEachOther() {
		Map<String, List<String>> known = new LinkedHashMap<>();
		known.put("actor", List.of());
		known.put("actuate", List.of("limits", "overload", "reactor", "shortway", "web", "webclient"));
		known.put("clients", List.of("reactor"));
		known.put("context", List.of());
		known.put("drill", List.of("web"));
		known.put("limits", List.of("web"));
		known.put("hardening", List.of());
		known.put("metrics", List.of());
		known.put("overload", List.of("limits", "web"));
		known.put("reactor", List.of());
		known.put("security", List.of("reactor"));
		known.put("coroutines", List.of());
		known.put("shortway", List.of());
		known.put("tracing", List.of());
		known.put("web", List.of("reactor"));
		known.put("webclient", List.of("limits"));
		Architectures.LayeredArchitecture architecture = Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.layer("root")
			.definedBy(ROOT);
		for (String room : known.keySet()) {
			architecture = architecture.layer(room).definedBy(ROOT + "." + room);
		}
		architecture = architecture.whereLayer("root").mayNotAccessAnyLayer();
		for (Map.Entry<String, List<String>> room : known.entrySet()) {
			architecture = architecture.whereLayer(room.getKey())
				.mayOnlyAccessLayers(Stream.concat(Stream.of("root"), room.getValue().stream()).toArray(String[]::new));
		}
		architecture.ensureAllClassesAreContainedInArchitecture().check(CLASSES);
	}

	/**
	 * A second server needs resources of its own. A request may say that it waits for its
	 * own body, that it may block, and how it goes on elsewhere.
	 */
	@Test
	void whoeverServesOrIsServedDoesNotAskTheTransport() {
		noClasses().that()
			.resideInAnyPackage(ROOT + ".actuate", ROOT + ".web")
			.and()
			.doNotHaveFullyQualifiedName(ManagementServerRuntimeConfiguration.class.getName())
			.should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + ".reactor")
				.and(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(BlockingVeto.class, BlockingPermit.class,
						ContinuedWork.class))))
			.check(CLASSES);
	}

	@Test
	void conditionNamesTheAutoConfigurationThatDecides() {
		assertThat(ConditionalOnStrandConnections.DECIDED_BY)
			.isEqualTo(ReactorNettyRuntimeAutoConfiguration.class.getName());
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.and()
			.areAnnotatedWith(ConditionalOnStrandConnections.class)
			.should(comeAfterTheOneThatDecides())
			.check(CLASSES);
	}

	private static ArchCondition<JavaClass> comeAfterTheOneThatDecides() {
		return new ArchCondition<>("come after the auto-configuration that decides") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				AutoConfiguration order = type.getAnnotationOfType(AutoConfiguration.class);
				if (!List.of(order.afterName()).contains(ConditionalOnStrandConnections.DECIDED_BY)
						&& !List.of(order.after()).contains(ReactorNettyRuntimeAutoConfiguration.class)) {
					events.add(SimpleConditionEvent.violated(type, type.getName() + " may ask too early"));
				}
			}

		};
	}

	private static ArchCondition<JavaClass> haveNoPublicMembers() {
		return new ArchCondition<>("have no public members") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				for (JavaMember member : type.getMembers()) {
					boolean implicit = member instanceof JavaConstructor constructor
							&& constructor.getRawParameterTypes().isEmpty();
					if (!implicit && member.getModifiers().contains(JavaModifier.PUBLIC)) {
						events.add(SimpleConditionEvent.violated(member, member.getFullName() + " is public"));
					}
				}
			}

		};
	}

}
