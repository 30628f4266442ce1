package dev.loopline.autoconfigure.shortway;

import java.util.Map;
import java.util.Objects;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.CharSequenceEncoder;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BodyEncoding}.
 */
class BodyEncodingTests {

	private static final ResolvableType STRING = ResolvableType.forClass(String.class);

	@Test
	void bufferIsGivenBackIfTheResponseWasCommittedBefore() {
		UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
		MockServerHttpResponse response = new MockServerHttpResponse(new NettyDataBufferFactory(allocator));
		response.setComplete().block();
		BodyEncoding encoding = Objects
			.requireNonNull(BodyEncoding.of(new EncoderHttpMessageWriter<>(CharSequenceEncoder.allMimeTypes()), STRING,
					STRING, MediaType.TEXT_PLAIN, false));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> encoding
			.write(MockServerHttpRequest.get("/").build(), response, "text", Map.of(), Context.empty()));
		assertThat(allocator.metric().usedHeapMemory()).isZero();
	}

}
