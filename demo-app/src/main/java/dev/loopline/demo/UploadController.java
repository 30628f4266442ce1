package dev.loopline.demo;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Digests a request body of any size as it arrives and keeps none of it.
 */
@RestController
class UploadController {

	@PostMapping("/upload")
	Mono<Upload> upload(ServerHttpRequest request) {
		return request.getBody().collect(BodyDigest::new, BodyDigest::update).map(BodyDigest::toUpload);
	}

	/**
	 * What is known of a body that was uploaded.
	 *
	 * @param bytes its length
	 * @param sha256 its SHA-256 digest in hexadecimal digits
	 */
	record Upload(long bytes, String sha256) {

	}

}
