package dev.loopline.runtime.netty;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.channel.IoEventLoopGroup;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests over how many workers channels are spread.
 */
class WorkersForIoTests {

	private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

	@Test
	void noMoreThanThereAreProcessors() {
		assertThat(driversOf(PROCESSORS + 3)).isEqualTo(PROCESSORS);
	}

	@Test
	void allIfThereAreNoMoreThanProcessors() {
		assertThat(driversOf(PROCESSORS)).isEqualTo(PROCESSORS);
		assertThat(driversOf(1)).isEqualTo(1);
	}

	private static long driversOf(int workers) {
		IoEventLoopGroup group = TestGroups.newGroup(Transport.NIO,
				TaskRuntimeConfig.of((builder) -> builder.workers(workers)));
		try {
			Stream<StrandEventLoop> loops = IntStream.range(0, 4 * workers)
				.mapToObj((channel) -> (StrandEventLoop) group.next());
			return loops.map((loop) -> loop.driver).distinct().count();
		}
		finally {
			group.shutdownGracefully();
		}
	}

}
