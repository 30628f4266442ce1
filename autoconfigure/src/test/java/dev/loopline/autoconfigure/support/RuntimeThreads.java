package dev.loopline.autoconfigure.support;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.netty.http.HttpResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Finds the threads of one runtime among all threads by a prefix that no other test uses.
 */
public final class RuntimeThreads {

	private static final AtomicInteger count = new AtomicInteger();

	private final String prefix;

	private RuntimeThreads(String prefix) {
		this.prefix = prefix;
	}

	public static RuntimeThreads withUniquePrefix() {
		return new RuntimeThreads("test" + count.incrementAndGet() + "x-");
	}

	public static RuntimeThreads withPrefix(String prefix) {
		return new RuntimeThreads(prefix);
	}

	private static List<String> startingWith(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.sorted()
			.toList();
	}

	/**
	 * The threads of Reactor Netty's global resources, which nothing here should need.
	 */
	public static List<String> ofReactorNetty() {
		return startingWith("reactor-http");
	}

	/**
	 * Forgets what other tests have made of Reactor Netty's global resources.
	 */
	public static void endThoseOfReactorNetty() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(10)).block();
		await().untilAsserted(() -> assertThat(ofReactorNetty()).isEmpty());
	}

	public String prefix() {
		return this.prefix;
	}

	public String property() {
		return "loopline.thread-name-prefix=" + this.prefix;
	}

	public List<String> alive() {
		return startingWith(this.prefix);
	}

	public void awaitNone() {
		await().untilAsserted(() -> assertThat(alive()).isEmpty());
	}

}
