package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AdaptiveLimitLayer}.
 */
class AdaptiveLimitLayerTests {

	private final FakeClock clock = new FakeClock();

	private final AdaptiveLimitLayer<String, Boolean> layer = AdaptiveLimitLayer
		.<String, Boolean>of(5, 20, 40, this.clock)
		.refusedIf((answer) -> !answer, (error) -> error instanceof IllegalStateException);

	private final Queue<Sinks.One<Boolean>> running = new ArrayDeque<>();

	private int refused;

	@Test
	void growsWhileItIsUsedAndAnswersTakeTheirTime() {
		for (int i = 0; i < 100; i++) {
			round(this.layer.maxConcurrent(), Duration.ofSeconds(1), true);
		}
		assertThat(this.layer.maxConcurrent()).isEqualTo(40);
		assertThat(this.refused).isZero();
	}

	@Test
	void doesNotGrowWhileItIsNotUsed() {
		for (int i = 0; i < 100; i++) {
			round(9, Duration.ofMillis(1), true);
			round(9, Duration.ofSeconds(1), true);
		}
		assertThat(this.layer.maxConcurrent()).isEqualTo(20);
	}

	@Test
	void shrinksWhenAnswersTakeLongerThanInTheLongRun() {
		for (int i = 0; i < 20; i++) {
			round(20, Duration.ofSeconds(1), true);
		}
		int before = this.layer.maxConcurrent();
		for (int i = 0; i < 30; i++) {
			round(this.layer.maxConcurrent(), Duration.ofSeconds(10), true);
		}
		assertThat(this.layer.maxConcurrent()).isLessThan(before / 2);
	}

	@Test
	void shrinksWhenTheServerRefusesAndNeverBelowTheLeast() {
		round(20, Duration.ofSeconds(1), false);
		assertThat(this.layer.maxConcurrent()).isEqualTo(18);
		for (int i = 0; i < 100; i++) {
			round(10, Duration.ofSeconds(1), false);
		}
		assertThat(this.layer.maxConcurrent()).isEqualTo(5);
		assertThat(this.layer.inFlight()).isZero();
	}

	@Test
	void refusesWhatIsBeyond() {
		start(25);
		assertThat(this.refused).isEqualTo(5);
		assertThat(this.layer.inFlight()).isEqualTo(20);
	}

	@Test
	void cancelStormLeavesEveryPermitBack() {
		List<Disposable> calls = new ArrayList<>();
		Service<String, Boolean> service = this.layer.around((request) -> Mono.never());
		for (int i = 0; i < 1_000; i++) {
			calls.add(service.call("").subscribe((answer) -> {
			}, (error) -> this.refused++));
			if (calls.size() > 15) {
				calls.remove(0).dispose();
			}
		}
		calls.forEach(Disposable::dispose);
		assertThat(this.refused).isZero();
		assertThat(this.layer.inFlight()).isZero();
		assertThat(this.layer.maxConcurrent()).isEqualTo(20);
	}

	@Test
	void valuesThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> AdaptiveLimitLayer.of(0, 1, 2, this.clock));
		assertThatIllegalArgumentException().isThrownBy(() -> AdaptiveLimitLayer.of(2, 1, 2, this.clock));
		assertThatIllegalArgumentException().isThrownBy(() -> AdaptiveLimitLayer.of(1, 3, 2, this.clock));
	}

	private void start(int requests) {
		Service<String, Boolean> service = this.layer.around((request) -> {
			Sinks.One<Boolean> sink = Sinks.one();
			this.running.add(sink);
			return sink.asMono();
		});
		for (int i = 0; i < requests; i++) {
			service.call("").subscribe((answer) -> {
			}, (error) -> this.refused++);
		}
	}

	private void round(int requests, Duration time, boolean answer) {
		start(requests);
		this.clock.advance(time);
		while (!this.running.isEmpty()) {
			this.running.remove().tryEmitValue(answer);
		}
	}

}
