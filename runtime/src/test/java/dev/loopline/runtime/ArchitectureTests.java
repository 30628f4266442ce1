package dev.loopline.runtime;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

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
			.layer("internal.stall")
			.definedBy(CORE + ".internal.stall..")
			.layer("stall")
			.definedBy(CORE + ".stall..")
			.layer("internal.thread")
			.definedBy(CORE + ".internal.thread..")
			.layer("internal.queue")
			.definedBy(CORE + ".internal.queue..")
			.layer("internal.support")
			.definedBy(CORE + ".internal.support..")
			.layer("time")
			.definedBy(CORE + ".time..")
			.whereLayer("netty")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("runtime")
			.mayOnlyBeAccessedByLayers("netty")
			.whereLayer("io")
			.mayOnlyBeAccessedByLayers("runtime", "netty")
			.whereLayer("internal.stall")
			.mayOnlyBeAccessedByLayers("runtime")
			.whereLayer("stall")
			.mayOnlyBeAccessedByLayers("runtime", "internal.stall")
			.whereLayer("internal.thread")
			.mayOnlyBeAccessedByLayers("runtime", "internal.stall")
			.whereLayer("internal.queue")
			.mayOnlyBeAccessedByLayers("runtime")
			.whereLayer("internal.support")
			.mayOnlyBeAccessedByLayers("runtime", "internal.stall", "internal.thread")
			.whereLayer("time")
			.mayOnlyBeAccessedByLayers("runtime", "netty", "internal.stall", "internal.thread")
			.check(classes);
	}

	/** So that no room is forgotten in the drawing. */
	@Test
	void thereIsNoOtherRoom() {
		assertThat(classes.stream().map(JavaClass::getPackageName).map((name) -> name.substring(CORE.length())))
			.containsOnly("", ".netty", ".io", ".stall", ".time", ".internal.stall", ".internal.thread",
					".internal.queue", ".internal.support");
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("dev.loopline.(**)").should().beFreeOfCycles().check(classes);
	}

	@Test
	void onlyTheSystemTickerReadsTheClock() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(CORE + ".time.SystemTicker")
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
