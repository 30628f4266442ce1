package dev.loopline.demo;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DownloadController}.
 */
@DemoTest
class DownloadControllerTests {

	@Autowired
	private WebTestClient client;

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 16_063, 16_064, 16_065, 20 * 1024 * 1024 })
	void sendsThatManyBytesOfThePattern(long bytes) {
		assertThat(download("/download?bytes=" + bytes, bytes)).isEqualTo(digestOfPattern(bytes));
	}

	@Test
	void sendsOneMebibyteByDefault() {
		assertThat(download("/download", 1024 * 1024)).isEqualTo(digestOfPattern(1024 * 1024));
	}

	@Test
	void announcesOneGibibyte() {
		this.client.head()
			.uri("/download?bytes=1073741824")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentLength(1 << 30)
			.expectBody()
			.isEmpty();
	}

	@Test
	void producesNoMoreThanIsRequested() {
		AtomicInteger produced = new AtomicInteger();
		Flux<DataBuffer> body = new DownloadController().download("1073741824", new MockServerHttpResponse()).getBody();
		StepVerifier.create(body.doOnNext((buffer) -> produced.incrementAndGet()), 3)
			.expectNextCount(3)
			.thenCancel()
			.verify();
		assertThat(produced).hasValue(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "1073741825", "all" })
	void rejectsBadLength(String bytes) {
		BadParameters.expectProblem(this.client, "/download?bytes=" + bytes, "bytes",
				"a whole number from 0 to 1073741824");
	}

	private UploadController.Upload download(String path, long bytes) {
		Flux<DataBuffer> body = this.client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.expectHeader()
			.contentLength(bytes)
			.returnResult(DataBuffer.class)
			.getResponseBody();
		return body.collect(BodyDigest::new, BodyDigest::update).map(BodyDigest::toUpload).block();
	}

	private static UploadController.Upload digestOfPattern(long bytes) {
		byte[] pattern = new byte[Math.toIntExact(bytes)];
		for (int i = 0; i < pattern.length; i++) {
			pattern[i] = (byte) (i % 251);
		}
		BodyDigest digest = new BodyDigest();
		digest.update(DefaultDataBufferFactory.sharedInstance.wrap(pattern));
		return digest.toUpload();
	}

}
