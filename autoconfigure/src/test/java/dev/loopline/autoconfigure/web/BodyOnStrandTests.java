package dev.loopline.autoconfigure.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BodyOnStrand}.
 */
class BodyOnStrandTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final Strand strand = this.runtime.newStrand();

	private final TestExchange exchange = new TestExchange(this.strand);

	private final Sinks.Many<DataBuffer> source = Sinks.many().unicast().onBackpressureBuffer();

	private final List<ByteBuf> buffers = new ArrayList<>();

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void bodyArrivesInOrderOnTheStrand() {
		List<Integer> arrived = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(1);
		body().doOnNext((buffer) -> assertThat(this.strand.isCurrent()).isTrue())
			.doOnComplete(done::countDown)
			.subscribe((buffer) -> {
				arrived.add((int) buffer.getByte(0));
				DataBufferUtils.release(buffer);
			});
		for (int i = 0; i < 100; i++) {
			emit(i);
		}
		this.source.tryEmitComplete().orThrow();
		Gate.await(done);
		assertThat(arrived).hasSize(100).isSorted();
		assertThat(this.buffers).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	@Test
	void whatWaitsForTheStrandIsReleasedWhenTheRequestIsCancelled() {
		CountDownLatch subscribed = new CountDownLatch(1);
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch free = new CountDownLatch(1);
		BaseSubscriber<DataBuffer> subscriber = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(3);
				subscribed.countDown();
			}

			@Override
			protected void hookOnNext(DataBuffer buffer) {
				DataBufferUtils.release(buffer);
				held.countDown();
				Gate.await(free);
			}

		};
		body().subscribe(subscriber);
		Gate.await(subscribed);
		emit(0);
		Gate.await(held);
		emit(1);
		emit(2);
		subscriber.cancel();
		free.countDown();
		awaitStrand();
		assertThat(this.buffers).hasSize(3).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	@Test
	void partIsReleasedOnceWhateverHooksTheContextHas() {
		CountDownLatch blocked = new CountDownLatch(1);
		this.strand.execute(() -> Gate.await(blocked));
		BaseSubscriber<DataBuffer> subscriber = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(10);
			}

		};
		body().doOnDiscard(DataBuffer.class, DataBufferUtils::release)
			.doOnDiscard(DataBuffer.class, DataBufferUtils::release)
			.subscribe(subscriber);
		blocked.countDown();
		awaitStrand();
		CountDownLatch again = new CountDownLatch(1);
		this.strand.execute(() -> Gate.await(again));
		for (int i = 0; i < 5; i++) {
			emit(i);
			this.buffers.get(i).retain(1000);
		}
		subscriber.cancel();
		again.countDown();
		awaitStrand();
		assertThat(this.buffers).hasSize(5).allMatch((buffer) -> buffer.refCnt() == 1000);
	}

	@Test
	void asksForNoMoreThanTheSubscriberDoes() {
		List<Long> requests = Collections.synchronizedList(new ArrayList<>());
		BaseSubscriber<DataBuffer> subscriber = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(3);
			}

		};
		new BodyOnStrand(Flux.<DataBuffer>never().doOnRequest(requests::add), this.exchange.exchange())
			.subscribe(subscriber);
		awaitStrand();
		assertThat(requests).containsExactly(3L);
		subscriber.request(Long.MAX_VALUE);
		awaitStrand();
		assertThat(requests).containsExactly(3L, 29L);
	}

	@Test
	void boundsWhatWaitsForABusyStrand() {
		AtomicLong asked = new AtomicLong();
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch free = new CountDownLatch(1);
		Flux<DataBuffer> source = Flux.range(0, 1000).map(this::buffer).doOnRequest(asked::addAndGet);
		CountDownLatch done = new CountDownLatch(1);
		new BodyOnStrand(source, this.exchange.exchange()).doOnComplete(done::countDown).subscribe((part) -> {
			held.countDown();
			Gate.await(free);
			DataBufferUtils.release(part);
		});
		Gate.await(held);
		assertThat(asked).hasValue(32);
		free.countDown();
		Gate.await(done);
		assertThat(this.buffers).hasSize(1000).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	@ParameterizedTest
	@MethodSource("throwables")
	void whateverTheSubscriberThrowsEndsTheExchange(Throwable thrown) {
		Flux<DataBuffer> source = Flux.range(0, 5).map(this::buffer);
		new BodyOnStrand(source, this.exchange.exchange()).subscribe(new CoreSubscriber<>() {

			@Override
			public void onSubscribe(Subscription subscription) {
				subscription.request(Long.MAX_VALUE);
			}

			@Override
			public void onNext(DataBuffer part) {
				DataBufferUtils.release(part);
				throw BodyOnStrandTests.<RuntimeException>sneaky(thrown);
			}

			@Override
			public void onError(Throwable ex) {
				throw new AssertionError("must not be told any more", ex);
			}

			@Override
			public void onComplete() {
				throw new AssertionError("must not be told any more");
			}

		});
		assertThat(this.exchange.end()).failsWithin(Duration.ofSeconds(10))
			.withThrowableOfType(ExecutionException.class)
			.havingRootCause()
			.isSameAs(thrown);
		awaitStrand();
		assertThat(this.buffers).hasSize(5).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	static Stream<Throwable> throwables() {
		return Stream.of(new StackOverflowError(), new OutOfMemoryError(), new NoClassDefFoundError(),
				new InternalError(), new AssertionError(), new IllegalStateException());
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> X sneaky(Throwable thrown) throws X {
		throw (X) thrown;
	}

	@Test
	void failureComesBehindTheParts() {
		List<String> signals = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch done = new CountDownLatch(1);
		CountDownLatch blocked = new CountDownLatch(1);
		this.strand.execute(() -> Gate.await(blocked));
		body().doOnNext(DataBufferUtils::release).subscribe((part) -> signals.add("part"), (ex) -> {
			signals.add(ex.getMessage());
			done.countDown();
		});
		emit(0);
		emit(1);
		this.source.tryEmitError(new IllegalStateException("gone")).orThrow();
		blocked.countDown();
		Gate.await(done);
		assertThat(signals).containsExactly("part", "part", "gone");
	}

	private void awaitStrand() {
		CountDownLatch done = new CountDownLatch(1);
		this.strand.execute(done::countDown);
		Gate.await(done);
	}

	private Flux<DataBuffer> body() {
		return new BodyOnStrand(this.source.asFlux(), this.exchange.exchange());
	}

	private void emit(int value) {
		this.source.tryEmitNext(buffer(value)).orThrow();
	}

	private DataBuffer buffer(int value) {
		ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.buffer(1).writeByte(value);
		this.buffers.add(buffer);
		return new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT).wrap(buffer);
	}

}
