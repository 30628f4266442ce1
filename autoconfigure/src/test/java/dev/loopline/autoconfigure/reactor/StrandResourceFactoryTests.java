package dev.loopline.autoconfigure.reactor;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link StrandResourceFactory}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StrandResourceFactoryTests {

	private final StrandResourceFactory factory = new StrandResourceFactory(
			TaskRuntimeConfig.of((builder) -> builder.workers(1)), Transport.NIO, false, Level.DEBUG);

	@Test
	void threadsHaveTheClassLoaderOfTheApplicationWhoeverAsksFirst() throws Exception {
		ClassLoader application = new URLClassLoader(new URL[0], getClass().getClassLoader());
		GenericApplicationContext context = new GenericApplicationContext();
		context.setClassLoader(application);
		this.factory.setApplicationContext(context);
		CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
		Thread bean = new Thread(() -> {
			Thread.currentThread().setContextClassLoader(null);
			this.factory.start();
			assertThat(Thread.currentThread().getContextClassLoader()).isNull();
			this.factory.runtime()
				.newStrand()
				.execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
		});
		bean.start();
		assertThat(seen.get(20, TimeUnit.SECONDS)).isSameAs(application);
		this.factory.stop();
	}

	@Test
	@Timeout(60)
	void stopsThoughConnectionsNeverClose(CapturedOutput output) {
		ConnectionProvider connections = mock(ConnectionProvider.class);
		given(connections.disposeLater()).willReturn(Mono.never());
		this.factory.setConnectionProviderSupplier(() -> connections);
		this.factory.setShutdownQuietPeriod(Duration.ZERO);
		this.factory.setShutdownTimeout(Duration.ZERO);
		this.factory.start();
		TaskRuntime runtime = this.factory.runtime();
		this.factory.stop();
		assertThat(output).contains("are left behind");
		await().until(() -> runtime.termination().toCompletableFuture().isDone());
	}

}
