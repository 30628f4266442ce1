package dev.loopline.demo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * The length and the digest of the buffers of one body. It releases each buffer.
 */
final class BodyDigest {

	private final MessageDigest sha256 = sha256();

	private long bytes;

	void update(DataBuffer buffer) {
		try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
			while (parts.hasNext()) {
				ByteBuffer part = parts.next();
				this.bytes += part.remaining();
				this.sha256.update(part);
			}
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	UploadController.Upload toUpload() {
		return new UploadController.Upload(this.bytes, HexFormat.of().formatHex(this.sha256.digest()));
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
