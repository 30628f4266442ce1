package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeStream}.
 */
class RuntimeStreamTests {

	private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

	private final AtomicInteger taken = new AtomicInteger();

	private final RuntimeStream stream = new RuntimeStream(() -> {
		this.taken.incrementAndGet();
		return "snapshot";
	}, 3, this.scheduler);

	@Test
	void takesOneSnapshotASecondForAllSubscribers() {
		List<ServerSentEvent<?>> events = new ArrayList<>();
		this.stream.open().subscribe(events::add);
		this.stream.open().subscribe(events::add);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(5));
		assertThat(this.taken).hasValue(6);
		assertThat(events.size()).isBetween(11, 12);
	}

	@Test
	void takesNoneWhenNobodyLooks() {
		this.stream.open().subscribe().dispose();
		int before = this.taken.get();
		this.scheduler.advanceTimeBy(Duration.ofMinutes(1));
		assertThat(this.taken).hasValue(before);
	}

	@Test
	void hasALimitedNumberOfSubscribers() {
		List<Disposable> subscribers = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			Flux<ServerSentEvent<?>> events = this.stream.open();
			if (events != null) {
				subscribers.add(events.subscribe());
			}
		}
		assertThat(subscribers).hasSize(3);
		subscribers.get(0).dispose();
		assertThat(this.stream.subscribers()).isEqualTo(2);
		assertThat(this.stream.open()).isNotNull();
	}

	@Test
	void countsNobodyWhoHasNotSubscribed() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.stream.open()).isNotNull();
		}
		assertThat(this.stream.subscribers()).isZero();
	}

	@Test
	void refusesThoseWhoSubscribeTooLate() {
		List<Flux<ServerSentEvent<?>>> opened = Stream.generate(this.stream::open).limit(5).toList();
		List<Throwable> refused = new ArrayList<>();
		opened.forEach((events) -> events.subscribe((event) -> {
		}, refused::add));
		assertThat(this.stream.subscribers()).isEqualTo(3);
		assertThat(refused).hasSize(2)
			.allSatisfy((refusal) -> assertThat(refusal).isInstanceOfSatisfying(ResponseStatusException.class,
					(exception) -> assertThat(exception.getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS)));
	}

	@Test
	void slowSubscriberGetsTheLatest() {
		List<ServerSentEvent<?>> events = new ArrayList<>();
		BaseSubscriber<ServerSentEvent<?>> slow = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			protected void hookOnNext(ServerSentEvent<?> event) {
				events.add(event);
			}

		};
		this.stream.open().subscribe(slow);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(30));
		assertThat(events).hasSize(1);
		slow.request(5);
		assertThat(events).hasSize(2);
	}

	@Test
	void endsAfterAWhile() {
		AtomicInteger ended = new AtomicInteger();
		this.stream.open().doOnComplete(ended::incrementAndGet).subscribe();
		this.scheduler.advanceTimeBy(RuntimeStream.LIFE);
		assertThat(ended).hasValue(1);
		assertThat(this.stream.subscribers()).isZero();
	}

	@Test
	void endsWithAnEventWhenTheServerEnds() {
		List<String> events = new ArrayList<>();
		AtomicInteger ended = new AtomicInteger();
		this.stream.open().doOnComplete(ended::incrementAndGet).subscribe((event) -> events.add(event.event()));
		this.stream.open().doOnComplete(ended::incrementAndGet).subscribe();
		this.scheduler.advanceTimeBy(RuntimeStream.PERIOD);
		this.stream.end();
		assertThat(events).containsExactly("snapshot", "snapshot", "shutdown");
		assertThat(ended).hasValue(2);
		assertThat(this.stream.subscribers()).isZero();
	}

	@Test
	void tellsThoseWhoComeLateThatTheServerEnds() {
		this.stream.end();
		List<String> events = new ArrayList<>();
		this.stream.open().subscribe((event) -> events.add(event.event()));
		this.scheduler.advanceTimeBy(RuntimeStream.PERIOD);
		assertThat(events).last().isEqualTo("shutdown");
		assertThat(this.stream.subscribers()).isZero();
	}

	@Test
	void livesAgainAfterRestart() {
		List<String> events = new ArrayList<>();
		this.stream.open().subscribe((event) -> events.add(event.event()));
		this.stream.start();
		this.stream.end();
		this.stream.start();
		this.stream.open().subscribe((event) -> events.add(event.event()));
		this.scheduler.advanceTimeBy(RuntimeStream.PERIOD);
		assertThat(events).containsOnlyOnce("shutdown").last().isEqualTo("snapshot");
	}

}
