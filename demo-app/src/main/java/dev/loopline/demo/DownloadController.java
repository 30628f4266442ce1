package dev.loopline.demo;

import java.nio.ByteBuffer;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/**
 * Sends a body of any length, no faster than the client reads. The byte at position
 * {@code i} is {@code i} modulo 251, a prime, so that a lost or a repeated block shows.
 */
@RestController
class DownloadController {

	private static final NumberParameter BYTES = new NumberParameter("bytes", 0, 1 << 30);

	private static final int PERIOD = 251;

	private static final byte[] CHUNK = chunk(64 * PERIOD);

	@GetMapping("/download")
	ResponseEntity<Flux<DataBuffer>> download(@RequestParam(defaultValue = "1048576") String bytes,
			ServerHttpResponse response) {
		long length = BYTES.parse(bytes);
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.contentLength(length)
			.body(body(length, response.bufferFactory()));
	}

	private static Flux<DataBuffer> body(long length, DataBufferFactory buffers) {
		int chunks = Math.toIntExact((length + CHUNK.length - 1) / CHUNK.length);
		return Flux.range(0, chunks).map((index) -> {
			long rest = length - (long) index * CHUNK.length;
			return buffers.wrap(ByteBuffer.wrap(CHUNK, 0, (int) Math.min(rest, CHUNK.length)));
		});
	}

	private static byte[] chunk(int length) {
		byte[] chunk = new byte[length];
		for (int i = 0; i < length; i++) {
			chunk[i] = (byte) (i % PERIOD);
		}
		return chunk;
	}

}
