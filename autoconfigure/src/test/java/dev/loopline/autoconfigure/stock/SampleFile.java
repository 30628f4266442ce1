package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file of 100 000 bytes that was last modified when it always was.
 *
 * @param path where it is
 */
record SampleFile(Path path) {

	static SampleFile create() {
		try {
			Path path = Files.createTempDirectory("stock").resolve("sample.txt");
			Files.writeString(path, "0123456789".repeat(10_000));
			Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L));
			path.toFile().deleteOnExit();
			path.getParent().toFile().deleteOnExit();
			return new SampleFile(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
