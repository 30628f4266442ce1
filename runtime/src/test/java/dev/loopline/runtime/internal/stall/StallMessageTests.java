package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallMessage}.
 */
class StallMessageTests {

	private static final StackTraceElement SLEEP = new StackTraceElement("java.lang.Thread", "sleep", "Thread.java",
			-2);

	private static final WorkDescription WORK = new WorkDescription("10.0.0.1:4711", "GET /users/{id}",
			"com.example.Users#get(String)");

	@Test
	void blockedHandlerIsNamedWithItsLineAndWhatItCalled() {
		assertThat(message(
				stall(Stall.Kind.BLOCKING, WORK, false, FakeProbe.HANDLER, SLEEP, FakeProbe.HANDLER, FakeProbe.POLL),
				1))
			.startsWith("GET /users/{id} (com.example.Users#get(String)) blocked its thread for 123 ms at "
					+ "com.example.Handler.handle(Handler.java:7), in java.lang.Thread.sleep. ")
			.endsWith(". Wait elsewhere")
			.doesNotContain("10.0.0.1");
	}

	@Test
	void burnerThatGoesOnIsSaidToGoOn() {
		assertThat(message(stall(Stall.Kind.BURNING, WORK, true, FakeProbe.HANDLER, FakeProbe.HANDLER), 3))
			.startsWith("GET /users/{id} (com.example.Users#get(String)) has burned CPU for 123 ms so far at "
					+ "com.example.Handler.handle(Handler.java:7) (3 such stalls since the last report). ")
			.endsWith(". Do less");
	}

	@Test
	void workWithoutARouteIsNamedByItsHandlerTaskOrThread() {
		WorkDescription handler = new WorkDescription(null, null, "com.example.Job");
		assertThat(message(stall(Stall.Kind.BURNING, handler, false, null), 1))
			.startsWith("com.example.Job burned CPU for 123 ms. ");
		WorkDescription task = new WorkDescription(null, null, null, "import");
		assertThat(message(stall(Stall.Kind.BURNING, task, false, null), 1))
			.startsWith("Task 'import' burned CPU for 123 ms. ");
		assertThat(message(stall(Stall.Kind.BURNING, WorkDescription.UNKNOWN, false, null, SLEEP), 1))
			.startsWith("Something on thread loopline-7 burned CPU for 123 ms in " + SLEEP
					+ ", called by no application code. ");
	}

	@Test
	void timeBelowAMillisecondIsNotNothing() {
		assertThat(message(new Stall(Stall.Kind.BLOCKING, "loopline-7", WORK, Instant.EPOCH, Duration.ofNanos(999_999),
				false, null, List.of()), 1))
			.contains("blocked its thread for 999 us. ");
	}

	@Test
	void culpritIsNamedWithoutAStack() {
		assertThat(message(stall(Stall.Kind.BLOCKING, WORK, false, FakeProbe.HANDLER), 1))
			.contains(" at com.example.Handler.handle(Handler.java:7). ");
	}

	private static String message(Stall stall, long count) {
		return StallMessage.of(stall, count, new Advice("Wait elsewhere", "Do less", ""));
	}

	private static Stall stall(Stall.Kind kind, WorkDescription work, boolean running,
			@Nullable StackTraceElement culprit, StackTraceElement... stack) {
		return new Stall(kind, "loopline-7", work, Instant.EPOCH, Duration.ofMillis(123), running, culprit,
				List.of(stack));
	}

}
