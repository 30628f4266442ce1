package dev.loopline.layers;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Tests for the shape of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.loopline.layers");

	@Test
	void knowsReactorAndNothingElse() {
		classes().should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("dev.loopline.layers..", "java..", "reactor.core..", "reactor.util..",
					"org.reactivestreams..", "org.jspecify.annotations..", "com.google.errorprone.annotations..")
			.check(CLASSES);
	}

	@Test
	void nobodyWaitsForALock() {
		noClasses().should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("java.util.concurrent.locks"))
			.check(CLASSES);
	}

	@Test
	void whatCanBeMadeIsFinal() {
		classes().that()
			.arePublic()
			.and()
			.areNotInterfaces()
			.and()
			.doNotHaveModifier(JavaModifier.ABSTRACT)
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
	}

}
