package dev.loopline.autoconfigure.stock;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import dev.loopline.autoconfigure.stock.Exchange.Server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that no buffer is lost or released twice when clients go away in the middle of
 * uploads and downloads, on every {@link Way}. The system property {@code leak.transfers}
 * is their number.
 */
@Tag("leak")
class AbortedTransfersTests {

	private static final int TRANSFERS = Integer.getInteger("leak.transfers", 100_000);

	private static final int PER_SERVER = TRANSFERS / Way.values().length / Server.values().length / 2;

	private static final List<String> leaks = new CopyOnWriteArrayList<>();

	private static final Level before = ResourceLeakDetector.getLevel();

	@BeforeEach
	void detect() {
		ResourceLeakDetector.setLevel(Level.PARANOID);
	}

	@BeforeAll
	static void listen() {
		ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
		setLevels(LogLevel.OFF);
	}

	@AfterAll
	static void stop() {
		ResourceLeakDetector.setLevel(before);
		ByteBufUtil.setLeakListener(null);
		setLevels(null);
	}

	@AfterEach
	void clear() {
		Journal.setHolding(true);
		Way.stopAll();
		leaks.clear();
	}

	private static void setLevels(LogLevel level) {
		LoggingSystem logging = LoggingSystem.get(AbortedTransfersTests.class.getClassLoader());
		List.of("reactor", "org.springframework", "io.netty", "dev.loopline")
			.forEach((logger) -> logging.setLogLevel(logger, level));
		// Says nothing to listeners if it may say nothing to the log
		logging.setLogLevel(ResourceLeakDetector.class.getName(), LogLevel.ERROR);
	}

	@Test
	void lostBufferWouldBeNoticed() {
		lose();
		await().atMost(1, TimeUnit.MINUTES).untilAsserted(() -> {
			collect();
			assertThat(leaks).isNotEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void noBufferIsLost(Way way) throws Exception {
		Journal.setHolding(false);
		run(way).close();
		for (int i = 0; i < 5; i++) {
			collect();
		}
		assertThat(leaks).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void everyBufferIsReleasedOnce(Way way) throws Exception {
		ResourceLeakDetector.setLevel(Level.DISABLED);
		try (Aborters clients = run(way)) {
			assertThat(clients.references()).hasSizeGreaterThan(PER_SERVER / 10).containsOnly(0);
		}
	}

	private static Aborters run(Way way) throws Exception {
		way.start();
		setLevels(LogLevel.OFF);
		Aborters clients = new Aborters();
		for (Server kind : Server.values()) {
			List<String> open = clients.run(kind, way.port(kind), PER_SERVER);
			if (kind == Server.HTTP1 || !way.isOfReactorNetty()) {
				assertThat(open).as("transfers that did not end").isEmpty();
			}
		}
		assertThat(way.strayed()).isEmpty();
		Way.stopAll();
		assertThat(clients.cutOff()).as("transfers that were cut off").isGreaterThan(PER_SERVER / 2);
		return clients;
	}

	private static void lose() {
		ByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
	}

	/** A buffer that was lost is reported when another is allocated. */
	private static void collect() {
		System.gc();
		for (int i = 0; i < 100; i++) {
			ByteBufAllocator.DEFAULT.buffer(16).release();
			ByteBufAllocator.DEFAULT.heapBuffer(16).release();
		}
	}

}
