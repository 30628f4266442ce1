package dev.loopline.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that real threads of other libraries are watched.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ForeignStallTests {

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final CountDownLatch reported = new CountDownLatch(1);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TaskRuntimeAutoConfiguration.class))
		.withPropertyValues(this.threads.property(), "loopline.workers=1",
				"loopline.stall.application-packages=dev.loopline.autoconfigure");

	@Test
	void callbackThatKeepsAnEventLoopOfOthersIsReportedAndAnIdleLoopIsNot(CapturedOutput output) throws Exception {
		EventLoopGroup theirs = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("theirs", true),
				NioIoHandler.newFactory());
		EventLoopGroup idle = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("idle", true),
				NioIoHandler.newFactory());
		try {
			idle.submit(Thread::yield).sync();
			theirs.execute(this::block);
			Stall stall = reportedStall("netty", "theirs-");
			assertThat(stall.kind()).isEqualTo(Stall.Kind.BLOCKING);
			assertThat(stall.culprit()).isNotNull();
			assertThat(stall.culprit().getMethodName()).isEqualTo("block");
			assertThat(output).containsPattern("Something on theirs-\\d+-1 \\(netty\\), .* has blocked its thread "
					+ "for \\d+ ms so far at dev.loopline.autoconfigure.ForeignStallTests.block");
			assertThat(output).doesNotContain("Something on idle-");
		}
		finally {
			theirs.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
			idle.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
		}
		this.threads.awaitNone();
	}

	@Test
	void callbackThatKeepsASchedulerOfTheApplicationIsReported(CapturedOutput output) {
		Scheduler mine = Schedulers.newParallel("mine", 1);
		try {
			mine.schedule(this::block);
			reportedStall("reactor", "mine");
			assertThat(output).containsPattern("Something on mine-\\d+ \\(reactor\\), ")
				.contains("loopline.reactor.schedulers=true");
		}
		finally {
			mine.dispose();
		}
	}

	@Test
	void nobodyIsWatchedIfThatIsNotWantedOrThereAreNoStrands() {
		for (String property : List.of("loopline.stall.foreign=false", "loopline.enabled=false")) {
			this.contextRunner.withPropertyValues(property)
				.run((context) -> assertThat(context.getBean(TaskRuntime.class).config().foreignThreads().toString())
					.isEqualTo("none"));
		}
	}

	private Stall reportedStall(String library, String pool) {
		List<ForeignPool> pools = new ArrayList<>();
		this.contextRunner.run((context) -> {
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			await().atMost(60, TimeUnit.SECONDS)
				.until(() -> runtime.diagnostics()
					.stalls()
					.foreign()
					.stream()
					.anyMatch((each) -> each.owner().pool().startsWith(pool) && each.lastStall() != null));
			runtime.diagnostics().stalls().foreign().forEach(pools::add);
			assertThat(runtime.diagnostics().snapshot().stalls().foreign()).containsEntry(library, 1L);
			this.reported.countDown();
		});
		assertThat(pools).noneMatch((each) -> each.owner().pool().startsWith(this.threads.prefix()));
		assertThat(pools).filteredOn((each) -> each.owner().pool().startsWith("idle-"))
			.allMatch((each) -> each.threads() == 1 && each.stalls() == 0);
		return pools.stream()
			.filter((each) -> each.owner().pool().startsWith(pool))
			.map(ForeignPool::lastStall)
			.findFirst()
			.orElseThrow();
	}

	private void block() {
		try {
			this.reported.await(90, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
