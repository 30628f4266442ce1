package dev.loopline.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;

/**
 * Tests for {@link UploadController}.
 */
@DemoTest
class UploadControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void digestsFiftyMegabytes() throws NoSuchAlgorithmException {
		byte[] block = new byte[64 * 1024];
		for (int i = 0; i < block.length; i++) {
			block[i] = (byte) (i * 31);
		}
		int blocks = 50 * 1024 * 1024 / block.length;
		MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
		for (int i = 0; i < blocks; i++) {
			sha256.update(block);
		}
		Flux<DataBuffer> body = Flux.range(0, blocks)
			.map((index) -> DefaultDataBufferFactory.sharedInstance.wrap(block));
		this.client.post()
			.uri("/upload")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(body, DataBuffer.class)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(UploadController.Upload.class)
			.isEqualTo(new UploadController.Upload(50 * 1024 * 1024, HexFormat.of().formatHex(sha256.digest())));
	}

	@Test
	void digestsFormLikeAnyOtherBody() {
		this.client.post()
			.uri("/upload")
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue("abc")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("""
					{"bytes":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""");
	}

	@Test
	void digestsEmptyBody() {
		this.client.post().uri("/upload").exchange().expectStatus().isOk().expectBody().json("""
				{"bytes":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}""");
	}

}
