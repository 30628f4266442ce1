package dev.loopline.runtime.internal.thread;

import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JvmThreads}.
 */
class JvmThreadsTests {

	@Test
	void threadsOfAllGroupsAreListedWhileTheyLive() {
		CountDownLatch latch = new CountDownLatch(1);
		ThreadGroup group = new ThreadGroup(new ThreadGroup("outer"), "inner");
		Thread thread = new Thread(group, () -> Await.open(latch));
		thread.start();
		assertThat(JvmThreads.list()).contains(thread, Thread.currentThread());
		latch.countDown();
		Await.end(thread);
		assertThat(JvmThreads.list()).contains(Thread.currentThread()).doesNotContain(thread);
	}

}
