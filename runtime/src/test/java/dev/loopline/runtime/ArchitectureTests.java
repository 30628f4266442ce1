package dev.loopline.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
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

	private static final DescribedPredicate<JavaAccess<?>> readsTheClock = isUseOf(System.class, "nanoTime",
			"currentTimeMillis")
		.or(isUseOf(Clock.class, "systemUTC", "systemDefaultZone", "system", "tick", "tickMillis", "tickSeconds",
				"tickMinutes"))
		.or(isUseOf(Calendar.class, "getInstance"))
		.or(isNow())
		.or(isNewDate());

	@Test
	void coreKnowsNoFramework() {
		noClasses().that()
			.resideOutsideOfPackage(CORE + ".netty..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "reactor..", "io.netty..")
			.check(classes);
	}

	/**
	 * Nor in a text: who uses the runtime without a framework could do nothing with it.
	 */
	@Test
	void coreNamesNoPropertyOrTypeOfAFramework() throws Exception {
		Pattern names = Pattern.compile("(?<!dev\\.)loopline\\.[a-z]|\\b(Mono|Flux|WebFlux|Spring)\\b");
		URI root = TaskRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI();
		try (Stream<Path> files = Files.walk(Path.of(root))) {
			assertThat(files.filter((file) -> file.toString().endsWith(".class"))).hasSizeGreaterThan(100)
				.noneMatch((file) -> names.matcher(constants(file)).find());
		}
	}

	/** The strings of a class file stand in it as they are. */
	private static String constants(Path file) {
		try {
			return Files.readString(file, StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
			.layer("actor")
			.definedBy(CORE + ".actor..")
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
			.whereLayer("actor")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("runtime")
			.mayOnlyBeAccessedByLayers("netty", "actor")
			.whereLayer("io")
			.mayOnlyBeAccessedByLayers("runtime", "netty")
			.whereLayer("internal.stall")
			.mayOnlyBeAccessedByLayers("runtime")
			.whereLayer("stall")
			.mayOnlyBeAccessedByLayers("runtime", "actor", "internal.stall")
			.whereLayer("internal.thread")
			.mayOnlyBeAccessedByLayers("runtime", "internal.stall")
			.whereLayer("internal.queue")
			.mayOnlyBeAccessedByLayers("runtime")
			.whereLayer("internal.support")
			.mayOnlyBeAccessedByLayers("runtime", "actor", "internal.stall", "internal.thread")
			.whereLayer("time")
			.mayOnlyBeAccessedByLayers("runtime", "netty", "internal.stall", "internal.thread")
			.check(classes);
	}

	/** So that no room is forgotten in the drawing. */
	@Test
	void thereIsNoOtherRoom() {
		assertThat(classes.stream().map(JavaClass::getPackageName).map((name) -> name.substring(CORE.length())))
			.containsOnly("", ".netty", ".actor", ".io", ".stall", ".time", ".internal.stall", ".internal.thread",
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
			.accessTargetWhere(readsTheClock)
			.check(classes);
	}

	@Test
	void clockIsReadInManyWays() {
		assertThat(accessesOf(ClockReaders.class, readsTheClock)).hasSize(13);
		assertThat(accessesOf(ClockUsers.class, readsTheClock)).isEmpty();
	}

	@Test
	void nobodySleeps() {
		noClasses().should().accessTargetWhere(isUseOf(Thread.class, "sleep")).check(classes);
	}

	private static DescribedPredicate<JavaAccess<?>> isUseOf(Class<?> owner, String... methods) {
		return DescribedPredicate.describe("is of " + owner.getSimpleName() + "'s " + String.join(", ", methods),
				(access) -> access.getTargetOwner().isEquivalentTo(owner)
						&& List.of(methods).contains(access.getName()));
	}

	/**
	 * An {@code Instant}, a {@code LocalDate} and all others; of a clock that is handed
	 * in, too.
	 */
	private static DescribedPredicate<JavaAccess<?>> isNow() {
		return DescribedPredicate.describe("is of a time that is now",
				(access) -> access.getTargetOwner().getPackageName().startsWith("java.time")
						&& access.getName().equals("now"));
	}

	/** A {@code new Date()}, not one of a time. */
	private static DescribedPredicate<JavaAccess<?>> isNewDate() {
		return DescribedPredicate.describe("is a date of today",
				(access) -> access.getTargetOwner().isEquivalentTo(Date.class)
						&& access.getTarget() instanceof ConstructorCallTarget target
						&& target.getRawParameterTypes().isEmpty());
	}

	private static List<JavaAccess<?>> accessesOf(Class<?> type, DescribedPredicate<JavaAccess<?>> which) {
		return new ClassFileImporter().importClass(type).getAccessesFromSelf().stream().filter(which).toList();
	}

	/** Every line reads the clock. */
	@SuppressWarnings({ "JavaTimeDefaultTimeZone", "unused" })
	private static final class ClockReaders {

		Object[] calls() {
			return new Object[] { System.nanoTime(), System.currentTimeMillis(), Instant.now(), LocalDateTime.now(),
					ZonedDateTime.now(), OffsetDateTime.now(), Clock.systemUTC(), Clock.systemDefaultZone(), new Date(),
					Calendar.getInstance() };
		}

		List<Supplier<?>> references() {
			return List.of(System::nanoTime, Instant::now, Clock::systemUTC);
		}

	}

	@SuppressWarnings("unused")
	private static final class ClockUsers {

		Object[] calls(Clock clock) {
			return new Object[] { clock.millis(), clock.instant(), Instant.ofEpochMilli(1), new Date(1),
					LocalDateTime.of(2026, 1, 1, 0, 0) };
		}

	}

}
