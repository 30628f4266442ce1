package dev.loopline.runtime.internal.stall;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FlightRecording} and {@link StallEvent}.
 */
class FlightRecordingTests {

	@Test
	void stallIsRecorded(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("stalls.jfr");
		Stall stall = new Stall(Stall.Kind.BLOCKING, "loopline-7",
				new WorkDescription("10.0.0.1:4711", "GET /", "com.example.Home", "job"), Instant.ofEpochMilli(12345),
				Duration.ofMillis(123), false, FakeProbe.HANDLER, List.of(FakeProbe.HANDLER, FakeProbe.POLL));
		try (Recording recording = new Recording()) {
			recording.start();
			assertThat(FlightRecording.isOn()).isTrue();
			StallReporter reporter = new StallReporter(Settings.of(Ticker.system(), Thread::new, true));
			reporter.report(stall, 0);
			reporter.stop();
			assertThat(reporter.awaitTermination(Long.MAX_VALUE)).isEmpty();
			recording.stop();
			recording.dump(file);
		}
		RecordedEvent event = RecordingFile.readAllEvents(file)
			.stream()
			.filter((candidate) -> candidate.getEventType().getName().equals("dev.loopline.Stall"))
			.findFirst()
			.orElseThrow();
		assertThat(event.getString("kind")).isEqualTo("BLOCKING");
		assertThat(event.getString("stalledThread")).isEqualTo("loopline-7");
		assertThat(event.getString("connection")).isEqualTo("10.0.0.1:4711");
		assertThat(event.getString("route")).isEqualTo("GET /");
		assertThat(event.getString("handler")).isEqualTo("com.example.Home");
		assertThat(event.getString("task")).isEqualTo("job");
		assertThat(event.getInstant("stallStart")).isEqualTo(stall.start());
		assertThat(event.getDuration("stallDuration")).isEqualTo(stall.duration());
		assertThat(event.getBoolean("running")).isFalse();
		assertThat(event.getString("culprit")).isEqualTo("com.example.Handler.handle(Handler.java:7)");
		assertThat(event.getString("stack")).startsWith("com.example.Handler.handle(Handler.java:7)\n");
	}

	@Test
	void settingsRecordWhereSomebodyWaits(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("waits.jfr");
		Configuration settings = Configuration.create(Path.of("../docs/loopline.jfc"));
		assertThat(settings.getSettings()).containsEntry("dev.loopline.Stall#enabled", "true");
		try (Recording recording = new Recording(settings)) {
			recording.start();
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
			recording.stop();
			recording.dump(file);
		}
		assertThat(RecordingFile.readAllEvents(file)
			.stream()
			.filter((event) -> event.getEventType().getName().equals("jdk.ThreadPark"))
			.flatMap((event) -> event.getStackTrace().getFrames().stream())
			.map((frame) -> frame.getMethod().getType().getName())).contains(FlightRecordingTests.class.getName());
	}

}
