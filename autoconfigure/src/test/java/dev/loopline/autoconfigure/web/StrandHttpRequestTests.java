package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StrandHttpRequest}.
 */
class StrandHttpRequestTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final Strand strand = this.runtime.newStrand();

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
				subscription.request(1);
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
		free.countDown();
		awaitStrand();
		CountDownLatch blocked = new CountDownLatch(1);
		this.strand.execute(() -> Gate.await(blocked));
		subscriber.request(1); // a drain is queued, and cancelled before it runs
		subscriber.cancel();
		blocked.countDown();
		awaitStrand();
		assertThat(this.buffers).hasSize(3).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	private void awaitStrand() {
		CountDownLatch done = new CountDownLatch(1);
		this.strand.execute(done::countDown);
		Gate.await(done);
	}

	private Flux<DataBuffer> body() {
		return new StrandHttpRequest(MockServerHttpRequest.post("/").body(this.source.asFlux()), this.strand).getBody();
	}

	private void emit(int value) {
		ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.buffer(1).writeByte(value);
		this.buffers.add(buffer);
		this.source.tryEmitNext(new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT).wrap(buffer)).orThrow();
	}

}
