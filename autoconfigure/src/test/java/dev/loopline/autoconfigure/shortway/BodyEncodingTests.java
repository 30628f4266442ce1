package dev.loopline.autoconfigure.shortway;

import java.util.Map;
import java.util.Objects;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.CharSequenceEncoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

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
		DataBuffer buffer = encoding.encode(MockServerHttpRequest.get("/").build(), response, "text", Map.of());
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> BodyEncoding.send(response, buffer));
		assertThat(allocator.metric().usedHeapMemory()).isZero();
	}

}
