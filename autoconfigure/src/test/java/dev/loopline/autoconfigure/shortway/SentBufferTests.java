package dev.loopline.autoconfigure.shortway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SentBuffer}.
 */
class SentBufferTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final AtomicReference<@Nullable ByteBuf> buffer = new AtomicReference<>();

	private DisposableServer server = HttpServer.create().host("127.0.0.1").bindNow();

	@AfterEach
	void stop() {
		this.server.disposeNow();
	}

	@Test
	void bufferIsSentAndGivenBack() {
		assertThat(answer((response) -> SentBuffer.of(response, buffer()))).isEqualTo("200 body");
		assertThat(bytes().refCnt()).isZero();
	}

	@Test
	void headIsWhatCommitActionsMakeOfIt() {
		assertThat(answer((response) -> {
			response.beforeCommit(() -> Mono.delay(Duration.ofMillis(1))
				.then(Mono.fromRunnable(() -> response.setStatusCode(HttpStatus.ACCEPTED))));
			return SentBuffer.of(response, buffer());
		})).isEqualTo("202 body");
		assertThat(bytes().refCnt()).isZero();
	}

	@Test
	void bufferIsGivenBackWhenItIsCancelledBeforeTheCommit() {
		assertThat(answer((response) -> {
			Sinks.Empty<Void> action = Sinks.empty();
			response.beforeCommit(action::asMono);
			Disposable sending = SentBuffer.of(response, buffer()).subscribe();
			assertThat(bytes().refCnt()).isOne();
			sending.dispose();
			assertThat(bytes().refCnt()).isZero();
			action.tryEmitEmpty();
			assertThat(bytes().refCnt()).isZero();
			HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
			return netty.status(204).send();
		})).isEqualTo("204 ");
	}

	@Test
	void bufferIsGivenBackWhenTheCommitFails() {
		assertThat(answer((response) -> {
			response.getHeaders().setContentLength(4);
			response.beforeCommit(() -> Mono.error(new IllegalStateException("action")));
			return SentBuffer.of(response, buffer()).onErrorResume(IllegalStateException.class, (ex) -> {
				assertThat(bytes().refCnt()).isZero();
				assertThat(response.getHeaders().containsHeader(HttpHeaders.CONTENT_LENGTH)).isFalse();
				response.setStatusCode(HttpStatus.CONFLICT);
				return response.setComplete();
			});
		})).startsWith("409");
	}

	@Test
	void bufferIsGivenBackWhenTheResponseWasCommittedMeanwhile() {
		assertThat(answer((response) -> {
			Mono<Void> sending = SentBuffer.of(response, buffer());
			return response.setComplete().then(sending);
		})).isEqualTo("200 ");
		assertThat(bytes().refCnt()).isZero();
	}

	@Test
	void bufferIsGivenBackWhenSomebodyElseCommits() {
		assertThat(answer((response) -> {
			Sinks.Empty<Void> action = Sinks.empty();
			response.beforeCommit(action::asMono);
			Mono<Void> others = response.setComplete();
			SentBuffer.of(response, buffer()).subscribe();
			assertThat(bytes().refCnt()).isZero();
			action.tryEmitEmpty();
			return others;
		})).isEqualTo("200 ");
	}

	@Test
	void otherResponsesGiveBackWhatTheyDrop() {
		assertThat(answer((response) -> SentBuffer.of(new ServerHttpResponseDecorator(response) {

			@Override
			public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
				return Flux.from(body).then(getDelegate().setComplete());
			}

		}, buffer()))).isEqualTo("200 ");
		assertThat(bytes().refCnt()).isZero();
	}

	@Test
	void otherResponsesWriteAsTheyDo() {
		assertThat(answer((response) -> {
			ServerHttpResponse decorated = new ServerHttpResponseDecorator(response) {

				@Override
				public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
					return super.writeWith(Mono.from(body).map((buffer) -> buffer.write("!", StandardCharsets.UTF_8)));
				}

			};
			return SentBuffer.of(decorated, buffer());
		})).isEqualTo("200 body!");
	}

	/** From no pool, which would give it to the next one as soon as it is given back. */
	private DataBuffer buffer() {
		DataBuffer buffer = new NettyDataBufferFactory(new UnpooledByteBufAllocator(false)).allocateBuffer(16);
		buffer.write("body", StandardCharsets.UTF_8);
		this.buffer.set(NettyDataBufferFactory.toByteBuf(buffer));
		return buffer;
	}

	private ByteBuf bytes() {
		return Objects.requireNonNull(this.buffer.get());
	}

	private String answer(Function<ServerHttpResponse, Mono<Void>> handler) {
		this.server.disposeNow();
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.handle(new ReactorHttpHandlerAdapter((request, response) -> handler.apply(response)))
			.bindNow();
		return HttpClient.create(ConnectionProvider.newConnection())
			.port(this.server.port())
			.host("127.0.0.1")
			.get()
			.responseSingle((response,
					body) -> body.asString().defaultIfEmpty("").map((text) -> response.status().code() + " " + text))
			.blockOptional(PATIENCE)
			.orElseThrow();
	}

}
