package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

import org.springframework.context.ApplicationContext;

import dev.loopline.autoconfigure.stock.Exchange.Server;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.autoconfigure.web.SlowRoutes;
import dev.loopline.runtime.TaskRuntime;

/**
 * A way that requests go through a server. The servers are started when they are needed
 * and stay.
 */
enum Way {

	STOCK((counts) -> counts.of("elsewhere"), "loopline.enabled=false"),

	/** On the strand of the connection, even if requests share it. */
	WORKER((counts) -> counts.of("connection worker") + counts.of("connection lane"),
			"loopline.web.strand-per-stream=false", Way.UNLEARNED),

	STRAND((counts) -> counts.of("own worker") + counts.of("own lane"), Way.OWN_STRANDS + "=true", Way.UNLEARNED),

	LANE((counts) -> counts.of("own lane"), "loopline.web.blocking-routes=/**"),

	/** Paths that no route matches are not learned, nor are methods without a handler. */
	LEARNED((counts) -> counts.of("own lane") + counts.all() / 10);

	static final String OWN_STRANDS = "stock.own-strands";

	private static final String UNLEARNED = "loopline.web.learn-blocking-routes=false";

	private static final List<Way> started = new ArrayList<>();

	private final ToIntFunction<WayCounts> right;

	private final String[] properties;

	private final Map<Server, TestServer> servers = new EnumMap<>(Server.class);

	Way(ToIntFunction<WayCounts> right, String... properties) {
		this.right = right;
		this.properties = properties;
	}

	void start() throws Exception {
		if (!this.servers.isEmpty()) {
			return;
		}
		started.add(this);
		for (Server kind : Server.values()) {
			List<String> all = new ArrayList<>(
					List.of("spring.web.resources.static-locations=file:" + ComparedApp.FILE.path().getParent() + "/",
							"spring.webflux.static-path-pattern=/files/**", "loopline.stall.log=off",
							"server.shutdown=immediate", "spring.lifecycle.timeout-per-shutdown-phase=1s",
							"spring.http.codecs.max-in-memory-size=4MB"));
			if (kind == Server.HTTP2) {
				all.addAll(List.of("server.http2.enabled=true", "server.compression.enabled=true"));
			}
			// An application of Kotlin's has one attribute more
			all.add("loopline.web.coroutines=false");
			all.addAll(List.of(this.properties));
			this.servers.put(kind, TestServer.start(ComparedApp.class, all.toArray(String[]::new)));
			if (this == LEARNED) {
				ApplicationContext context = this.servers.get(kind).context();
				Routes.learn(port(kind), context.getBean(SlowRoutes.class), context.getBean(TaskRuntime.class));
			}
			Routes.warmUp(port(kind));
			counts(kind).clear();
		}
	}

	/**
	 * Whether Reactor Netty alone decides what becomes of a stream that is reset. Some
	 * handlers never hear of it, one in some thousand.
	 */
	boolean isOfReactorNetty() {
		return this == STOCK || this == WORKER;
	}

	int port(Server kind) {
		return this.servers.get(kind).port();
	}

	private WayCounts counts(Server kind) {
		return this.servers.get(kind).context().getBean(WayCounts.class);
	}

	/** Returns where requests went if that is not what this says. */
	String strayed() {
		StringBuilder text = new StringBuilder();
		this.servers.keySet().forEach((kind) -> {
			WayCounts counts = counts(kind);
			if (this.right.applyAsInt(counts) < counts.all()) {
				text.append(kind + " " + counts + " ");
			}
		});
		return text.toString();
	}

	static void stopAll() {
		started.forEach((way) -> {
			way.servers.values().forEach(TestServer::close);
			way.servers.clear();
		});
		started.clear();
	}

}
