package dev.loopline.runtime.netty;

import java.util.Random;
import java.util.zip.CRC32;

/** Random bytes and their checksum. */
final class Payload {

	private Payload() {
	}

	static byte[] random(long seed, int length) {
		byte[] data = new byte[length];
		new Random(seed).nextBytes(data);
		return data;
	}

	static long checksum(byte[] data) {
		CRC32 checksum = new CRC32();
		checksum.update(data);
		return checksum.getValue();
	}

}
