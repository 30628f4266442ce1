package dev.loopline.autoconfigure.clients;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.mock.http.client.reactive.MockClientHttpResponse;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Tests for {@link StrandConnector}.
 */
class StrandConnectorTests {

	private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

	private final TestPublisher<DataBuffer> body = TestPublisher.create();

	private final TestPublisher<ClientHttpResponse> response = TestPublisher.create();

	@AfterEach
	void end() {
		this.scheduler.dispose();
	}

	@Test
	void responseThatWaitsForAWorkerWhenItIsCancelledIsLetGo() {
		Disposable request = connect(this.scheduler).subscribe();
		this.response.next(response());
		request.dispose();
		this.scheduler.advanceTime();
		this.body.assertWasSubscribed();
		this.body.assertCancelled();
	}

	@Test
	void responseWhoseEndIsNotYetThereWhenItIsCancelledIsLetGo() {
		Disposable request = connect(this.scheduler).subscribe();
		this.response.next(response());
		this.scheduler.advanceTime();
		this.body.assertWasNotSubscribed();
		request.dispose();
		this.scheduler.advanceTime();
		this.body.assertWasSubscribed();
		this.body.assertCancelled();
	}

	@Test
	void responseThatSomebodyReadsStays() {
		StepVerifier.create(connect(Schedulers.immediate()).flatMapMany(ClientHttpResponse::getBody).map(this::text))
			.then(() -> this.response.next(response()).complete())
			.then(() -> this.body.next(buffer("a")).next(buffer("b")).complete())
			.expectNext("a", "b")
			.verifyComplete();
		this.body.assertNotCancelled();
	}

	@Test
	void bodyThatIsCancelledIsReadOnSoThatItsClientSees() {
		StepVerifier.create(connect(Schedulers.immediate()).flatMapMany(ClientHttpResponse::getBody).map(this::text), 1)
			.then(() -> this.response.next(response()).complete())
			.then(() -> this.body.next(buffer("a")).assertMaxRequested(8))
			.expectNext("a")
			.thenCancel()
			.verify();
		this.body.assertCancelled().assertMaxRequested(Integer.MAX_VALUE + 8L);
	}

	private Mono<ClientHttpResponse> connect(Scheduler scheduler) {
		Mono<ClientHttpResponse> answer = Mono.fromDirect(this.response.flux());
		ClientHttpConnector connector = new ClientHttpConnector() {

			@Override
			public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
					Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
				return answer;
			}

		};
		return new StrandConnector(connector, scheduler, true).connect(HttpMethod.GET, URI.create("/"),
				(request) -> Mono.empty());
	}

	private ClientHttpResponse response() {
		Flux<DataBuffer> body = this.body.flux();
		return new MockClientHttpResponse(HttpStatus.OK) {

			@Override
			public Flux<DataBuffer> getBody() {
				return body;
			}

		};
	}

	private static DataBuffer buffer(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private String text(DataBuffer buffer) {
		return buffer.toString(StandardCharsets.UTF_8);
	}

}
