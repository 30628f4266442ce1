package dev.loopline.autoconfigure.drill;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.reactor.netty.NettyWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;

import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.time.Ticker;

/**
 * Practises, once, in the background of an application that has become ready.
 */
final class Drill implements ApplicationListener<ApplicationReadyEvent>, SmartLifecycle, Ordered {

	/*-
	 * Why
	 * ---
	 * A JVM compiles what it has seen. In a server that has never been asked for anything but what returns at
	 * once, the ways through handoff, lane, lines and refusal are interpreted when they are needed for the first
	 * time, and, worse, the compiled code of everybody's requests was made on the assumption that these ways
	 * are never gone: it is thrown away and compiled again, by threads that take the processors from those who
	 * wait. So the ways are gone before: more often than the few hundred times from which on a JVM takes notes.
	 *
	 * How
	 * ---
	 * The notes belong to classes, not to objects. So all of that happens on a server of its own (DrillServer),
	 * of which the application sees nothing, whose only clients are the connections that this opens. It ends
	 * after some rounds or some seconds, with the application at the latest, and rests for as long as it works.
	 */

	private static final int CLIENTS = 8;

	/** Requests of each client. */
	private static final int ROUNDS = 160;

	private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** For the end of a round. */
	private static final long PATIENCE_MILLIS = 3_000;

	/**
	 * Whoever has these say everything sees requests, and does not ask for speed.
	 */
	private static final List<String> LOGGERS = List.of("org.springframework.web", "org.springframework.http",
			"reactor.netty", "io.netty", "dev.loopline");

	private static final Logger logger = LoggerFactory.getLogger(Drill.class);

	private final TaskRuntimeConfig config;

	private final Transport transport;

	private final String threads;

	private final CountDownLatch end = new CountDownLatch(1);

	private volatile @Nullable Thread thread;

	private volatile boolean running;

	private volatile int rounds;

	/**
	 * Creates a drill.
	 * @param config how the application's runtime is configured
	 * @param transport how its connections are
	 * @param prefix of the names of threads
	 */
	Drill(TaskRuntimeConfig config, Transport transport, String prefix) {
		this.config = config;
		this.transport = transport;
		this.threads = prefix + "drill";
	}

	@Override
	@SuppressWarnings("ThreadPriorityCheck") // where it counts, and nothing depends on it
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (this.thread == null && this.running && isWorthwhile(event)) {
			Thread thread = new Thread(this::run, this.threads);
			thread.setDaemon(true);
			thread.setPriority(Thread.MIN_PRIORITY);
			this.thread = thread;
			thread.start();
		}
	}

	private boolean isWorthwhile(ApplicationReadyEvent event) {
		return this.config.flavour() == TaskRuntimeConfig.Flavour.MULTI_THREAD
				&& event.getApplicationContext() instanceof WebServerApplicationContext context
				&& context.getWebServer() instanceof NettyWebServer
				&& LOGGERS.stream().map(LoggerFactory::getLogger).noneMatch(Logger::isDebugEnabled);
	}

	private void run() {
		List<DrillClient> clients = new ArrayList<>();
		try (DrillServer server = new DrillServer(this.transport, Math.min(2, this.config.workers()),
				this.config.blockingThreadKind(), this.threads); Closeable connections = () -> close(clients)) {
			while (clients.size() < CLIENTS) {
				clients.add(new DrillClient(server.address()));
				clients.get(clients.size() - 1).ask("/");
				clients.get(clients.size() - 1).readAnswer(); // it was accepted
			}
			server.closeDoor();
			practise(server, clients);
		}
		catch (Throwable ex) {
			logger.trace("The drill has failed, which does no harm", ex);
		}
	}

	private void practise(DrillServer server, List<DrillClient> clients) throws IOException, InterruptedException {
		long start = nanos();
		for (int round = 0; round < ROUNDS; round++) {
			long began = nanos();
			server.stallWorker();
			for (int i = 0; i < CLIENTS; i++) {
				clients.get(i).ask(path(round, i));
			}
			for (DrillClient client : clients) {
				client.readAnswer();
			}
			this.rounds = round + 1;
			long now = nanos();
			if (now - start > LONGEST_NANOS
					|| this.end.await(Math.max(SHORTEST_PAUSE_NANOS, now - began), TimeUnit.NANOSECONDS)) {
				return;
			}
		}
	}

	/**
	 * Returns what a client asks for: in every fourth round all of them block, so that
	 * some wait and some are refused.
	 */
	private static String path(int round, int client) {
		if (round % 4 == 0) {
			return "/block?ms=" + (1 + client % 3);
		}
		return switch ((round + client) % 8) {
			case 0, 1 -> "/block?ms=2";
			case 2 -> "/listed?ms=1";
			case 3 -> (round % 2 == 0) ? "/burn?ms=2" : "/later/x?ms=1";
			default -> "/";
		};
	}

	/**
	 * Returns how many rounds are done.
	 */
	int rounds() {
		return this.rounds;
	}

	private static void close(List<DrillClient> clients) throws IOException {
		for (DrillClient client : clients) {
			client.close();
		}
	}

	private static long nanos() {
		return Ticker.system().nanos();
	}

	/**
	 * Before listeners that may take long, or end the application.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * Ends the drill with its round.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.end.countDown();
		Thread thread = this.thread;
		if (thread != null) {
			try {
				thread.join(PATIENCE_MILLIS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
