package dev.loopline.benchmarks.vertx;

import java.time.Duration;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Hello World on Vert.x with its router, with two handlers that misbehave.
 */
public final class VertxPeer extends AbstractVerticle {

	/**
	 * As many as the other peers have, so that a crowd that arrives at once finds the same queue everywhere.
	 */
	private static final int BACKLOG = 4096;

	private final int port;

	private VertxPeer(int port) {
		this.port = port;
	}

	/**
	 * One verticle for each processor, as Vert.x advises.
	 */
	public static void main(String[] args) {
		int processors = Runtime.getRuntime().availableProcessors();
		Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(processors));
		vertx.deployVerticle(() -> new VertxPeer(Integer.parseInt(args[0])),
				new DeploymentOptions().setInstances(processors));
	}

	@Override
	public void start() {
		Router router = Router.router(this.vertx);
		router.get("/")
			.handler((context) -> context.response()
				.putHeader("Content-Type", "text/plain;charset=UTF-8")
				.end("Hello, World!"));
		router.get("/block").handler((context) -> {
			block(millis(context));
			context.response().end("blocked");
		});
		router.get("/burn").handler((context) -> {
			burn(millis(context));
			context.response().end("burned");
		});
		this.vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(BACKLOG))
			.requestHandler(router)
			.listen(this.port, "127.0.0.1");
	}

	private static void block(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void burn(long millis) {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private static long millis(RoutingContext context) {
		return Long.parseLong(context.queryParam("ms").stream().findFirst().orElse("0"));
	}

}
