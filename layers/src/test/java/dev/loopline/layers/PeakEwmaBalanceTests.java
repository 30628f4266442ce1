package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PeakEwmaBalance}.
 */
class PeakEwmaBalanceTests {

	private final FakeClock clock = new FakeClock();

	private final Duration[] takes = { Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(10) };

	private final int[] calls = new int[3];

	private int next;

	@Test
	void slowInstanceIsAskedSeldom() {
		this.takes[1] = Duration.ofMillis(200);
		PeakEwmaBalance<String, String> balance = balance(3);
		send(balance, 1_000);
		assertThat(this.calls[1]).isLessThan(50);
		assertThat(this.calls[0]).isGreaterThan(300);
		assertThat(this.calls[2]).isGreaterThan(300);
	}

	@Test
	void instanceThatFailsFastDoesNotDrawAllRequests() {
		this.takes[0] = Duration.ZERO;
		PeakEwmaBalance<String, String> balance = balance(3);
		send(balance, 1_000);
		assertThat(this.calls[0]).isLessThan(50);
	}

	@Test
	void instanceThatNeverAnswersIsAskedSeldom() {
		List<Integer> asked = new ArrayList<>();
		List<Service<String, String>> services = List.of((request) -> hang(asked, 0), (request) -> {
			this.clock.advance(Duration.ofMillis(10));
			return Mono.just(request);
		});
		PeakEwmaBalance<String, String> balance = new PeakEwmaBalance<>(services, (answer) -> false,
				Duration.ofSeconds(10), this.clock, this::random);
		for (int i = 0; i < 1_000; i++) {
			int before = asked.size();
			Disposable call = balance.call("").subscribe();
			if (asked.size() > before) {
				this.clock.advance(Duration.ofMillis(500));
			}
			call.dispose();
		}
		assertThat(asked).hasSizeLessThan(20);
	}

	@Test
	void whoLeavesAtOnceMakesNoInstanceFast() {
		PeakEwmaBalance<String, String> balance = new PeakEwmaBalance<>(List.of((request) -> Mono.never()),
				(answer) -> false, Duration.ofSeconds(10), this.clock, this::random);
		balance.call("").subscribe().dispose();
		assertThat(balance.loads().get(0).latency()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void slowInstanceThatIsWellAgainIsAskedAgain() {
		this.takes[1] = Duration.ofSeconds(1);
		PeakEwmaBalance<String, String> balance = balance(2);
		send(balance, 200);
		this.takes[1] = Duration.ofMillis(10);
		this.clock.advance(Duration.ofMinutes(2));
		this.calls[1] = 0;
		send(balance, 200);
		assertThat(this.calls[1]).isGreaterThan(50);
	}

	@Test
	void requestsOnTheirWayCount() {
		List<Integer> asked = new ArrayList<>();
		List<Service<String, String>> hanging = List.of((request) -> hang(asked, 0), (request) -> hang(asked, 1));
		PeakEwmaBalance<String, String> balance = new PeakEwmaBalance<>(hanging, (answer) -> false,
				Duration.ofSeconds(10), this.clock, this::random);
		List<Disposable> calls = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			calls.add(balance.call("").subscribe());
		}
		assertThat(balance.loads()).extracting(PeakEwmaBalance.Load::pending).containsExactly(50, 50);
		calls.forEach(Disposable::dispose);
		assertThat(balance.loads()).extracting(PeakEwmaBalance.Load::pending).containsExactly(0, 0);
	}

	@Test
	void whatIsKnownOfAnInstanceStaysWhenOthersComeAndGo() {
		List<Integer> asked = new ArrayList<>();
		Service<String, String> first = (request) -> hang(asked, 0);
		Service<String, String> second = (request) -> hang(asked, 1);
		Service<String, String> third = (request) -> hang(asked, 2);
		PeakEwmaBalance<String, String> before = new PeakEwmaBalance<>(List.of(first, second), (answer) -> false,
				Duration.ofSeconds(10), this.clock, this::random);
		List<Disposable> calls = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			calls.add(before.call("").subscribe());
		}
		PeakEwmaBalance<String, String> after = before.with(List.of(third, second));
		assertThat(after.loads()).extracting(PeakEwmaBalance.Load::pending).containsExactly(0, 50);
		asked.clear();
		for (int i = 0; i < 50; i++) {
			calls.add(after.call("").subscribe());
		}
		assertThat(asked).containsOnly(2);
		calls.forEach(Disposable::dispose);
		assertThat(after.loads()).extracting(PeakEwmaBalance.Load::pending).containsExactly(0, 0);
		assertThatIllegalArgumentException().isThrownBy(() -> before.with(List.of()));
	}

	@Test
	void oneIsEnoughAndNoneIsNot() {
		PeakEwmaBalance<String, String> balance = balance(1);
		send(balance, 3);
		assertThat(this.calls[0]).isEqualTo(3);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new PeakEwmaBalance<String, String>(List.of(), (answer) -> false));
	}

	private static Mono<String> hang(List<Integer> asked, int index) {
		asked.add(index);
		return Mono.never();
	}

	private PeakEwmaBalance<String, String> balance(int instances) {
		List<Service<String, String>> services = new ArrayList<>();
		for (int i = 0; i < instances; i++) {
			int index = i;
			services.add((request) -> {
				this.calls[index]++;
				this.clock.advance(this.takes[index]);
				return this.takes[index].isZero() ? Mono.just("bad") : Mono.just("good");
			});
		}
		return new PeakEwmaBalance<>(services, "bad"::equals, Duration.ofSeconds(10), this.clock, this::random);
	}

	/** All pairs in turn, both ways. */
	private int random(int bound) {
		return (this.next++ / 2 + this.next % 2) % bound;
	}

	private void send(PeakEwmaBalance<String, String> balance, int requests) {
		for (int i = 0; i < requests; i++) {
			balance.call("").block();
		}
	}

}
