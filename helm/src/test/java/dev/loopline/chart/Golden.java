package dev.loopline.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file with what is expected, which <code>-Dchart.update</code> writes anew.
 *
 * @param path where it is
 */
record Golden(Path path) {

	static Golden file(String name) {
		return new Golden(Path.of("src/test/resources/golden", name));
	}

	void matches(String actual) {
		if (Boolean.getBoolean("chart.update")) {
			try {
				Files.createDirectories(this.path.toAbsolutePath().getParent());
				Files.writeString(this.path, actual);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		assertThat(actual).as("%s (mvn -pl helm test -Dchart.update=true writes it anew)", this.path)
			.isEqualTo(Chart.read(this.path));
	}

}
