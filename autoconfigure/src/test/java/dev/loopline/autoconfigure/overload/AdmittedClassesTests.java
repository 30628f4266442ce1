package dev.loopline.autoconfigure.overload;

import java.util.function.LongPredicate;
import java.util.stream.LongStream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdmittedClasses}.
 */
class AdmittedClassesTests {

	private final AdmittedClasses classes = new AdmittedClasses();

	@Test
	void takesAllWhileTheShareIsAll() {
		this.classes.divide(1);
		assertThat(admitted(RequestPriority.SHEDDABLE, 1_000)).isEqualTo(1_000);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.01, 0.1, 0.3, 0.5, 0.8, 0.95 })
	void shareIsOfTheRequestsOfManyClients(double share) {
		this.classes.divide(share);
		assertThat(admitted(RequestPriority.NORMAL, 100_000) / 100_000.0).isCloseTo(share, Offset.offset(0.01));
	}

	@Test
	void sheddableIsRefusedBeforeNormalAndThatBeforeCritical() {
		arrive(20, 30, 50);
		this.classes.divide(0.5);
		assertThat(admitted(RequestPriority.CRITICAL, 100)).isEqualTo(100);
		assertThat(admitted(RequestPriority.NORMAL, 100)).isEqualTo(100);
		assertThat(admitted(RequestPriority.SHEDDABLE, 100)).isZero();
		arrive(100, 0, 400);
		this.classes.divide(0.1);
		assertThat(admitted(RequestPriority.CRITICAL, 1_000)).isBetween(300L, 700L);
		assertThat(admitted(RequestPriority.NORMAL, 1_000)).isZero();
	}

	@Test
	void sameFewAreRefused() {
		this.classes.divide(0.5);
		long never = LongStream.range(0, 1_000).filter((client) -> AdmittedClasses.number(client, 0) >= 0.5).count();
		long always = LongStream.range(0, 1_000).filter((client) -> AdmittedClasses.number(client, 1) < 0.5).count();
		assertThat(never).isGreaterThan(250);
		assertThat(always).isGreaterThan(250);
		LongPredicate admitted = (client) -> LongStream.range(0, 50)
			.allMatch((i) -> this.classes.admits(RequestPriority.NORMAL, client));
		assertThat(LongStream.range(0, 1_000).filter(admitted)).hasSizeGreaterThanOrEqualTo((int) always);
	}

	@Test
	void loneClientIsNotServedAllOrNothing() {
		long client = LongStream.range(0, 100)
			.filter((any) -> Math.abs(AdmittedClasses.number(any, 0.5) - 0.5) < 0.1)
			.findFirst()
			.orElseThrow();
		this.classes.divide(AdmittedClasses.number(client, 0) / 0.75);
		long admitted = LongStream.range(0, 10_000)
			.filter((i) -> this.classes.admits(RequestPriority.NORMAL, client))
			.count();
		assertThat(admitted).isBetween(4_000L, 6_000L);
	}

	private long admitted(RequestPriority priority, int clients) {
		return LongStream.range(0, clients).filter((client) -> this.classes.admits(priority, client)).count();
	}

	private void arrive(int critical, int normal, int sheddable) {
		this.classes.divide(1); // forgets what was
		admitted(RequestPriority.CRITICAL, critical);
		admitted(RequestPriority.NORMAL, normal);
		admitted(RequestPriority.SHEDDABLE, sheddable);
	}

}
