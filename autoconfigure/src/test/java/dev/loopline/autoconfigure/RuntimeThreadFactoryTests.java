package dev.loopline.autoconfigure;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeThreadFactory}.
 */
class RuntimeThreadFactoryTests {

	@ParameterizedTest
	@CsvSource({ "loopline-, loopline-", "io, io-", "a-b-, a-b-", "'', loopline-", "-, loopline-" })
	void namesThreadsAfterPrefix(String prefix, String expected) {
		Thread thread = new RuntimeThreadFactory(prefix).newThread(Thread::yield);
		assertThat(thread.getName()).matches(expected + "\\d+-\\d+");
	}

	@Test
	void makesFastDaemonThreads() {
		Thread thread = new RuntimeThreadFactory("loopline-").newThread(Thread::yield);
		assertThat(thread).isInstanceOf(FastThreadLocalThread.class);
		assertThat(thread.isDaemon()).isTrue();
	}

}
