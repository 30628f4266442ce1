package dev.loopline.autoconfigure;

import java.util.List;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.NonBlocking;

import dev.loopline.runtime.stall.ForeignThreads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignLibrary} and {@link LibraryThreads}.
 */
class ForeignLibraryTests {

	private final LibraryThreads threads = new LibraryThreads((property) -> false);

	@ParameterizedTest
	@CsvSource({ "lettuce-epollEventLoop-4-1, lettuce, lettuce-epollEventLoop-4",
			"lettuce-eventExecutorLoop-1-2, lettuce, lettuce-eventExecutorLoop-1",
			"grpc-nio-worker-ELG-1-2, grpc, grpc-nio-worker-ELG-1",
			"vert.x-eventloop-thread-0, vertx, vert.x-eventloop-thread",
			"redisson-netty-1-1, redisson, redisson-netty-1",
			"multiThreadIoEventLoopGroup-3-1, netty, multiThreadIoEventLoopGroup-3" })
	void eventLoopIsKnownByItsName(String name, String library, String pool) {
		ForeignThreads.Owner owner = this.threads.ownerOf(netty(name));
		assertThat(owner).isNotNull();
		assertThat(owner.library()).isEqualTo(library);
		assertThat(owner.pool()).isEqualTo(pool);
	}

	@ParameterizedTest
	@CsvSource({ "io.grpc.netty.shaded.io.netty.util.concurrent.FastThreadLocalThread, GRPC_SHADED",
			"com.couchbase.client.core.deps.io.netty.util.concurrent.FastThreadLocalThread, COUCHBASE" })
	void libraryWithACopyOfNettyIsKnownByItsClass(String type, ForeignLibrary library) {
		assertThat(ForeignLibrary.of("grpc-default-worker-ELG-1-1", List.of(type))).isEqualTo(library);
		assertThat(library.isLoop(type.replace("util.concurrent.FastThreadLocalThread", "channel.nio.NioEventLoop")))
			.isTrue();
	}

	@Test
	void selectorOfTheJdksClientIsKnownByItsClass() {
		ForeignLibrary library = ForeignLibrary.of("HttpClient-1-SelectorManager",
				List.of("jdk.internal.net.http.HttpClientImpl$SelectorManager"));
		assertThat(library).isEqualTo(ForeignLibrary.JDK_HTTP_CLIENT);
	}

	@Test
	void schedulerIsWhatMustNotBlockAndIsNoEventLoop() {
		ForeignThreads.Owner owner = this.threads.ownerOf(new SchedulerThread("mine-1"));
		assertThat(owner).isNotNull();
		assertThat(owner.library()).isEqualTo("reactor");
		assertThat(owner.pool()).isEqualTo("mine");
		assertThat(this.threads.isLoop(owner, "java.util.concurrent.ThreadPoolExecutor")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "boundedElastic-1", "main", "ForkJoinPool.commonPool-worker-1", "http-nio-8080-exec-1",
			"lettuce-nioEventLoop-4-1", "HttpClient-1-Worker-0", "task-1" })
	void otherThreadsMayBeKeptWhateverTheirNames(String name) {
		assertThat(this.threads.ownerOf(new Thread(name))).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "defaultEventExecutorGroup-2-1", "globalEventExecutor-1-1", "vert.x-worker-thread-3" })
	void threadsOfNettyForWorkThatBlocksAreNotWatched(String name) {
		assertThat(this.threads.ownerOf(netty(name))).isNull();
	}

	@Test
	void threadOfARuntimeWouldBeNettysWhichIsWhyTheRuntimeDoesNotAsk() {
		assertThat(owner("loopline-1-1").library()).isEqualTo("netty");
	}

	@Test
	void whatAnEventLoopCallsIsWithinItsLoopAndWhatAPoolCallsIsNot() {
		ForeignThreads.Owner owner = owner("theirs-1-1");
		assertThat(this.threads.isLoop(owner, "io.netty.channel.SingleThreadIoEventLoop")).isTrue();
		assertThat(this.threads.isLoop(owner, "io.netty.channel.epoll.EpollEventLoop")).isTrue();
		assertThat(this.threads.isLoop(owner, "java.util.concurrent.ThreadPoolExecutor")).isFalse();
		assertThat(this.threads.isLoop(owner, "io.netty.util.concurrent.DefaultEventExecutor")).isFalse();
		assertThat(this.threads.isLoop(owner("lettuce-eventExecutorLoop-1-1"),
				"io.netty.util.concurrent.DefaultEventExecutor"))
			.isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "lettuce-nioEventLoop-4-1, loopline.clients.lettuce",
			"grpc-nio-boss-ELG-1-2, loopline.clients.grpc-server",
			"reactor-http-nio-1, loopline.clients.reactor-netty" })
	void adviceNamesTheSwitchThatIsOff(String name, String property) {
		LibraryThreads threads = new LibraryThreads(property::equals);
		Thread thread = name.startsWith("reactor") ? new ReactorLoopThread(name) : netty(name);
		ForeignThreads.Owner owner = threads.ownerOf(thread);
		assertThat(owner).isNotNull();
		assertThat(owner.advice()).isEqualTo("It would be a strand without " + property + "=false");
	}

	@Test
	void everyLibraryHasAdvice() {
		for (ForeignLibrary library : ForeignLibrary.values()) {
			assertThat(LibraryThreads.advice(library)).doesNotEndWith(".").startsWith("It ");
		}
	}

	private ForeignThreads.Owner owner(String name) {
		ForeignThreads.@Nullable Owner owner = this.threads.ownerOf(netty(name));
		assertThat(owner).isNotNull();
		return owner;
	}

	private static Thread netty(String name) {
		Thread thread = new DefaultThreadFactory("any").newThread(() -> {
		});
		thread.setName(name);
		return thread;
	}

	private static final class SchedulerThread extends Thread implements NonBlocking {

		SchedulerThread(String name) {
			super(name);
		}

	}

	private static final class ReactorLoopThread extends io.netty.util.concurrent.FastThreadLocalThread
			implements NonBlocking {

		ReactorLoopThread(String name) {
			super(name);
		}

	}

}
