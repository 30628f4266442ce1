package dev.loopline.runtime.internal.stall;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ApplicationFrames}.
 */
class ApplicationFramesTests {

	private static final List<StackTraceElement> STACK = Stream
		.of("java.lang.Thread", "sun.nio.ch.Net", "org.postgresql.Driver", "com.zaxxer.Pool", "com.example.Repository",
				"org.springframework.web.Invoker", "reactor.core.Mono", "io.netty.channel.Pipeline",
				"dev.loopline.runtime.Strand")
		.map((type) -> new StackTraceElement(type, "call", null, -1))
		.toList();

	@Test
	void innermostFrameThatIsNoFrameworksIsToBlame() {
		assertThat(find(List.of(), List.of())).isEqualTo("org.postgresql.Driver");
	}

	@Test
	void moreFrameworksMayBeNamed() {
		assertThat(find(List.of("org.postgresql", "com.zaxxer."), List.of())).isEqualTo("com.example.Repository");
	}

	@Test
	void framesOfTheApplicationsPackagesComeFirst() {
		assertThat(find(List.of(), List.of("com.example"))).isEqualTo("com.example.Repository");
	}

	@Test
	void applicationMayLiveInAFrameworksPackage() {
		assertThat(find(List.of(), List.of("org.springframework.web"))).isEqualTo("org.springframework.web.Invoker");
	}

	@Test
	void packageIsNotTakenForAnotherWithALongerName() {
		assertThat(find(List.of("org.postgres"), List.of("com.exam"))).isEqualTo("org.postgresql.Driver");
	}

	@Test
	void frameworksAloneHaveNoApplicationFrame() {
		ApplicationFrames frames = new ApplicationFrames(List.of(), List.of(), Set.of());
		assertThat(frames.find(STACK.subList(5, 9))).isNull();
		assertThat(frames.find(List.of())).isNull();
	}

	private static String find(List<String> frameworks, List<String> applications) {
		return new ApplicationFrames(frameworks, applications, Set.of()).find(STACK).getClassName();
	}

}
