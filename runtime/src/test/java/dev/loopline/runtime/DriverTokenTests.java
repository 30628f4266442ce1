package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.io.DriverToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DriverToken}.
 */
class DriverTokenTests {

	private final DriverToken token = new DriverToken();

	private int inside;

	private int entries;

	@Test
	void isFreeAtFirst() {
		assertThat(this.token.isHeldBy(Thread.currentThread())).isFalse();
		assertThat(this.token.tryAcquire()).isTrue();
		assertThat(this.token.isHeldBy(Thread.currentThread())).isTrue();
	}

	@Test
	void isNotReentrant() {
		this.token.tryAcquire();
		assertThat(this.token.tryAcquire()).isFalse();
		this.token.release();
		assertThat(this.token.isHeldBy(Thread.currentThread())).isFalse();
	}

	@Test
	void isAcquiredAgainAfterItsRelease() {
		this.token.tryAcquire();
		this.token.release();
		assertThat(this.token.tryAcquire()).isTrue();
	}

	@Test
	void isRefusedWhileAnotherThreadHoldsIt() {
		Thread here = Thread.currentThread();
		this.token.tryAcquire();
		assertThat(Await.result(CompletableFuture.supplyAsync(this.token::tryAcquire))).isFalse();
		assertThat(this.token.isHeldBy(here)).isTrue();
	}

	@Test
	void onlyTheHolderReleasesIt() {
		assertThatIllegalStateException().isThrownBy(this.token::release)
			.withMessageContaining(Thread.currentThread().getName());
		Await.result(CompletableFuture.runAsync(this.token::tryAcquire));
		assertThatIllegalStateException().isThrownBy(this.token::release);
	}

	@Test
	void guardsPlainFields() {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			threads.add(new Thread(this::enterManyTimes));
		}
		threads.forEach((thread) -> {
			thread.setDaemon(true);
			thread.start();
		});
		threads.forEach(Await::end);
		assertThat(this.entries).isEqualTo(30_000);
	}

	private void enterManyTimes() {
		for (int done = 0; done < 10_000;) {
			if (this.token.tryAcquire()) {
				if (++this.inside == 1) {
					this.entries++;
				}
				this.inside--;
				this.token.release();
				done++;
			}
			else {
				Thread.onSpinWait();
			}
		}
	}

}
