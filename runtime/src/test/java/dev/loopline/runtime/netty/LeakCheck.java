package dev.loopline.runtime.netty;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Fails a test class after which a buffer is collected that nobody released. */
class LeakCheck implements AfterAllCallback {

	@Override
	public void afterAll(ExtensionContext context) throws InterruptedException {
		collectGarbage();
		UnpooledByteBufAllocator.DEFAULT.buffer(1).release();
		assertThat(RecordingLeakDetector.drain()).as("leaked buffers").isEmpty();
	}

	/** Returns when a weak reference that is younger than any leak has been enqueued. */
	private static void collectGarbage() throws InterruptedException {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
		do {
			System.gc();
		}
		while (queue.remove(100) != canary);
	}

}
