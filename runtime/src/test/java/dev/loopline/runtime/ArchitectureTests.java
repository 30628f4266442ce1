package dev.loopline.runtime;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Tests for the architecture of this module.
 */
class ArchitectureTests {

	private static final String CORE = "dev.loopline.runtime";

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(CORE);

	@Test
	void coreKnowsNoFramework() {
		noClasses().that()
			.resideOutsideOfPackage(CORE + ".netty..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "reactor..", "io.netty..")
			.check(classes);
	}

	@Test
	void nettyPackageKnowsNeitherSpringNorReactor() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "reactor..")
			.check(classes);
	}

	/** The drawing in docs/how-it-works.md. */
	@Test
	void roomsAreEnteredFromAboveOnly() {
		Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.layer("netty")
			.definedBy(CORE + ".netty..")
			.layer("runtime")
			.definedBy(CORE)
			.layer("io")
			.definedBy(CORE + ".io..")
			.whereLayer("netty")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("runtime")
			.mayOnlyBeAccessedByLayers("netty")
			.whereLayer("io")
			.mayOnlyBeAccessedByLayers("runtime", "netty")
			.check(classes);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("dev.loopline.(**)").should().beFreeOfCycles().check(classes);
	}

	@Test
	void onlyTheSystemTickerReadsTheClock() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(SystemTicker.class.getName())
			.should()
			.callMethodWhere(isCallOf(System.class, "nanoTime"))
			.orShould()
			.callMethodWhere(isCallOf(System.class, "currentTimeMillis"))
			.check(classes);
	}

	@Test
	void nobodySleeps() {
		noClasses().should().callMethodWhere(isCallOf(Thread.class, "sleep")).check(classes);
	}

	private static DescribedPredicate<JavaCall<?>> isCallOf(Class<?> owner, String method) {
		return DescribedPredicate.describe("calls " + owner.getSimpleName() + "." + method,
				(call) -> call.getTargetOwner().isEquivalentTo(owner) && call.getName().equals(method));
	}

}
