package dev.loopline.layers;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link ThrottleLayer}.
 */
class ThrottleLayerTests {

	private final FakeClock clock = new FakeClock();

	private double random = 0.5;

	private int calls;

	private final ThrottleLayer<String, Boolean> layer = ThrottleLayer
		.<String, Boolean>of(2, Duration.ofMinutes(2), this.clock, () -> this.random)
		.refusedIf((answer) -> answer, (error) -> !(error instanceof IllegalArgumentException));

	@Test
	void serverThatAcceptsHalfIsAskedForAll() {
		send(100, true);
		send(100, false);
		assertThat(this.layer.refusedShare()).isZero();
		assertThat(this.calls).isEqualTo(200);
	}

	@Test
	void shareIsThatOfTheBook() {
		this.random = 1;
		send(10, true);
		send(90, false);
		assertThat(this.layer.refusedShare()).isCloseTo((100 - 2 * 10) / 101.0, within(1e-9));
	}

	@Test
	void whatIsRefusedHereCountsToo() {
		this.random = 1;
		send(30, false);
		double before = this.layer.refusedShare();
		this.random = 0;
		send(10, false);
		assertThat(this.calls).isEqualTo(30);
		assertThat(this.layer.refusedShare()).isGreaterThan(before);
	}

	@Test
	void fewRequestsSayNothing() {
		this.random = 0;
		send(20, false);
		assertThat(this.calls).isEqualTo(20);
		send(1, false);
		assertThat(this.calls).isEqualTo(20);
	}

	@Test
	void errorIsARefusalIfItSaysSo() {
		this.random = 1;
		Service<String, Boolean> failing = this.layer.around((request) -> Mono.error(new IllegalArgumentException()));
		for (int i = 0; i < 10; i++) {
			failing.call("").onErrorComplete().block();
		}
		assertThat(this.layer.refusedShare()).isZero();
		Service<String, Boolean> refusing = this.layer.around((request) -> Mono.error(new IllegalStateException()));
		for (int i = 0; i < 30; i++) {
			refusing.call("").onErrorComplete().block();
		}
		assertThat(this.layer.refusedShare()).isPositive();
	}

	@Test
	void whoeverLeavesSaysNothing() {
		Service<String, Boolean> hanging = this.layer.around((request) -> Mono.never());
		for (int i = 0; i < 50; i++) {
			hanging.call("").subscribe().dispose();
		}
		assertThat(this.layer.refusedShare()).isZero();
	}

	@Test
	void serverThatIsWellAgainIsAskedAgain() {
		this.random = 1;
		send(30, false);
		assertThat(this.layer.refusedShare()).isPositive();
		this.clock.advance(Duration.ofMinutes(3));
		assertThat(this.layer.refusedShare()).isZero();
	}

	@Test
	void valuesThatMakeNoSenseAreRefused() {
		for (double k : new double[] { 0.5, Double.NaN, 1_001 }) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> ThrottleLayer.of(k, Duration.ofMinutes(2), this.clock, () -> 0));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> ThrottleLayer.of(2, Duration.ZERO, this.clock, () -> 0));
	}

	private void send(int requests, boolean accepted) {
		Service<String, Boolean> service = this.layer.around((request) -> {
			this.calls++;
			return Mono.just(accepted);
		});
		for (int i = 0; i < requests; i++) {
			service.call("").onErrorComplete().block();
		}
	}

}
