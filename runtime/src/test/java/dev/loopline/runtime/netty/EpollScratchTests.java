package dev.loopline.runtime.netty;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link EpollScratch}. */
@EnabledIf("io.netty.channel.epoll.Epoll#isAvailable")
@Timeout(60)
class EpollScratchTests {

	private final IoEventLoopGroup group = TestGroups.newGroup(Transport.EPOLL,
			TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final EventHandle handle = new EventHandle(Native.newEventFd());

	private IoRegistration registration;

	@BeforeEach
	void register() throws Exception {
		this.registration = this.group.next().register(this.handle).get(10, TimeUnit.SECONDS);
	}

	@AfterEach
	void shutdown() throws Exception {
		this.registration.cancel();
		this.handle.close();
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
		Await.until("group terminated", this.group::isTerminated);
	}

	@Test
	void newThreadNeedsNoDescriptor() throws Exception {
		Callable<Object> scratch = this.registration::attachment;
		assertThat(start(scratch).get(10, TimeUnit.SECONDS)).isNotNull(); // loads classes
		Process limiter = new ProcessBuilder("sh", "-c", "limit=$(prlimit -p $0 --nofile -o SOFT --noheadings) && "
				+ "prlimit -p $0 --nofile=0: && echo set && read end; prlimit -p $0 --nofile=$limit: && echo unset",
				Long.toString(ProcessHandle.current().pid()))
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = limiter.inputReader()) {
			assertThat(output.readLine()).isEqualTo("set");
			try {
				assertThatExceptionOfType(ChannelException.class).isThrownBy(Native::newEventFd);
				assertThat(start(scratch).get(10, TimeUnit.SECONDS)).isNotNull();
			}
			finally {
				limiter.getOutputStream().close();
				assertThat(output.readLine()).isEqualTo("unset");
			}
		}
	}

	@Test
	void threadsThatLiveTogetherShareNothing() throws Exception {
		Object own = this.registration.attachment();
		assertThat(start(this.registration::attachment).get(10, TimeUnit.SECONDS)).isNotSameAs(own).hasSameClassAs(own);
		assertThat(this.registration.<Object>attachment()).isSameAs(own);
	}

	@Test
	void scratchOfThreadsThatEndedIsUsedAgain() throws Exception {
		int threads = 200;
		Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		for (int i = 0; i < threads; i++) {
			FutureTask<Object> task = new FutureTask<>(this.registration::attachment);
			Thread thread = new FastThreadLocalThread(task);
			thread.start();
			thread.join();
			seen.add(task.get());
		}
		assertThat(seen).hasSizeLessThan(threads);
	}

	@Test
	void nativeImageIsToldOfTheConstructor() throws Exception {
		String type = this.registration.attachment().getClass().getName();
		try (InputStream hints = EpollScratch.class
			.getResourceAsStream("/META-INF/native-image/dev.loopline/loopline-runtime/reflect-config.json")) {
			assertThat(hints).asString(StandardCharsets.UTF_8).contains('"' + type + '"', "<init>");
		}
	}

	private static FutureTask<Object> start(Callable<Object> callable) {
		FutureTask<Object> task = new FutureTask<>(callable);
		new Thread(task).start();
		return task;
	}

	/** A handle that is no channel. */
	private record EventHandle(FileDescriptor fd) implements EpollIoHandle {

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
		}

		@Override
		public void close() throws IOException {
			this.fd.close();
		}

	}

}
