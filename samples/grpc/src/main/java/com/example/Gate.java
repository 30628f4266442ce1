package com.example;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where handlers of the sample block until the test lets them go.
 */
public final class Gate {

	private static final AtomicInteger waiting = new AtomicInteger();

	private static volatile CountDownLatch open = new CountDownLatch(1);

	private Gate() {
	}

	/** Blocks the thread, as a JDBC driver or a slow file system would. */
	public static String pass() {
		waiting.incrementAndGet();
		try {
			return open.await(60, TimeUnit.SECONDS) ? "passed" : "waited in vain";
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "interrupted";
		}
	}

	static int waiting() {
		return waiting.get();
	}

	static void open() {
		open.countDown();
	}

}
