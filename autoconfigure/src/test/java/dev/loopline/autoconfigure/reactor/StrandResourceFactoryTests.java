package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link StrandResourceFactory}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StrandResourceFactoryTests {

	private final TaskRuntimeLifecycle lifecycle = new TaskRuntimeLifecycle(
			TaskRuntimeConfig.of((builder) -> builder.workers(1)), Transport.NIO, List.of());

	private final StrandResourceFactory factory = new StrandResourceFactory(this.lifecycle, Transport.NIO, Level.DEBUG);

	@AfterEach
	void endRuntime() {
		this.lifecycle.stop();
	}

	@Test
	void nextLifeHasEventLoopsOfItsOwn() {
		this.factory.setShutdownQuietPeriod(Duration.ZERO);
		this.lifecycle.start();
		this.factory.start();
		LoopResources first = this.factory.getLoopResources();
		this.factory.stop();
		assertHasNothingButWhatIsTheJvms();
		this.lifecycle.stop();
		assertHasNothingButWhatIsTheJvms();
		assertThat(this.factory.isRunning()).isFalse();
		this.lifecycle.start();
		this.factory.start();
		assertThat(this.factory.getLoopResources()).isNotSameAs(first);
		assertThat(first.isDisposed()).isTrue();
		assertThat(this.factory.getLoopResources().isDisposed()).isFalse();
		this.factory.stop();
	}

	private void assertHasNothingButWhatIsTheJvms() {
		assertThatIllegalStateException().isThrownBy(this.factory::getStrandLoopResources);
		assertThat(this.factory.getLoopResources()).isSameAs(HttpResources.get());
		assertThat(this.factory.getConnectionProvider()).isSameAs(HttpResources.get());
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
		TaskRuntime runtime = this.lifecycle.runtime();
		this.factory.stop();
		assertThat(output).contains("are left behind");
		await().until(() -> runtime.termination().toCompletableFuture().isDone());
	}

}
