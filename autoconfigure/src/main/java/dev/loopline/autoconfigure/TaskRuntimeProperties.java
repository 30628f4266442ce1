package dev.loopline.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

import dev.loopline.runtime.TaskRuntimeConfig.Flavour;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.stall.StallLog;

/**
 * Configuration properties of the task runtime, with their defaults. A runtime that is
 * made without Spring has those of
 * {@link dev.loopline.runtime.TaskRuntimeConfig#defaults()}.
 */
@ConfigurationProperties("loopline")
public class TaskRuntimeProperties {

	/**
	 * Whether connections run as strands on the task runtime. When disabled, servers and
	 * clients are stock WebFlux, and only what the application itself spawns runs there.
	 */
	private boolean enabled = true;

	/**
	 * How strands are spread over threads.
	 */
	private Flavour flavour = Flavour.MULTI_THREAD;

	/**
	 * Number of workers, or 0 for the number of available processors.
	 */
	private int workers;

	/**
	 * Polls between two looks at the global queue ahead of the local one, or 0 to tune it
	 * to the length of the polls.
	 */
	private int globalQueueInterval;

	/**
	 * Polls between two looks of a busy worker at I/O and timers.
	 */
	private int eventInterval = 61;

	/**
	 * Time for which a worker that has run out of work keeps looking for more before it
	 * sleeps: shorter waits while there is little to do, for a busy processor. At most
	 * half of the workers look at the same time.
	 */
	private Duration idleSpin = Duration.ZERO;

	/**
	 * Prefix of the names of the threads.
	 */
	private String threadNamePrefix = "loopline-";

	private final Coop coop = new Coop();

	@NestedConfigurationProperty
	private final BlockingProperties blocking = new BlockingProperties();

	private final Stall stall = new Stall();

	private final Netty netty = new Netty();

	private final Reactor reactor = new Reactor();

	private final Drill drill = new Drill();

	private final Tracing tracing = new Tracing();

	private final Web web = new Web();

	private final Shutdown shutdown = new Shutdown();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Flavour getFlavour() {
		return this.flavour;
	}

	public void setFlavour(Flavour flavour) {
		this.flavour = flavour;
	}

	public int getWorkers() {
		return this.workers;
	}

	public void setWorkers(int workers) {
		this.workers = workers;
	}

	public int getGlobalQueueInterval() {
		return this.globalQueueInterval;
	}

	public void setGlobalQueueInterval(int globalQueueInterval) {
		this.globalQueueInterval = globalQueueInterval;
	}

	public int getEventInterval() {
		return this.eventInterval;
	}

	public void setEventInterval(int eventInterval) {
		this.eventInterval = eventInterval;
	}

	public Duration getIdleSpin() {
		return this.idleSpin;
	}

	public void setIdleSpin(Duration idleSpin) {
		this.idleSpin = idleSpin;
	}

	public String getThreadNamePrefix() {
		return this.threadNamePrefix;
	}

	public void setThreadNamePrefix(String threadNamePrefix) {
		this.threadNamePrefix = threadNamePrefix;
	}

	public Coop getCoop() {
		return this.coop;
	}

	public BlockingProperties getBlocking() {
		return this.blocking;
	}

	public Stall getStall() {
		return this.stall;
	}

	public Netty getNetty() {
		return this.netty;
	}

	public Reactor getReactor() {
		return this.reactor;
	}

	public Drill getDrill() {
		return this.drill;
	}

	public Tracing getTracing() {
		return this.tracing;
	}

	public Web getWeb() {
		return this.web;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	/**
	 * How long a strand may run before it yields.
	 */
	public static class Coop {

		/**
		 * Items that a strand runs before it yields to the others.
		 */
		private int budget = 128;

		/**
		 * Time after which a strand yields to the others, looked at between items.
		 */
		private Duration quantum = Duration.ofMillis(1);

		public int getBudget() {
			return this.budget;
		}

		public void setBudget(int budget) {
			this.budget = budget;
		}

		public Duration getQuantum() {
			return this.quantum;
		}

		public void setQuantum(Duration quantum) {
			this.quantum = quantum;
		}

	}

	/**
	 * What counts as a handler that hurts others.
	 */
	public static class Stall {

		/**
		 * Time after which a handler that has not returned loses its worker to another
		 * thread.
		 */
		private Duration threshold = Duration.ofMillis(5);

		/**
		 * What is logged about such handlers.
		 */
		private StallLog log = StallLog.WARN;

		/**
		 * Whether threads of other libraries, such as event loops that are no strands,
		 * are watched for code of the application that keeps them.
		 */
		private boolean foreign = true;

		/**
		 * Packages whose code is to blame in preference to any other; by default those of
		 * the application class.
		 */
		private List<String> applicationPackages = new ArrayList<>();

		/**
		 * Packages whose code is never to blame, beside those of well-known frameworks.
		 */
		private List<String> frameworkPackages = new ArrayList<>();

		public Duration getThreshold() {
			return this.threshold;
		}

		public void setThreshold(Duration threshold) {
			this.threshold = threshold;
		}

		public StallLog getLog() {
			return this.log;
		}

		public void setLog(StallLog log) {
			this.log = log;
		}

		public boolean isForeign() {
			return this.foreign;
		}

		public void setForeign(boolean foreign) {
			this.foreign = foreign;
		}

		public List<String> getApplicationPackages() {
			return this.applicationPackages;
		}

		public void setApplicationPackages(List<String> applicationPackages) {
			this.applicationPackages = applicationPackages;
		}

		public List<String> getFrameworkPackages() {
			return this.frameworkPackages;
		}

		public void setFrameworkPackages(List<String> frameworkPackages) {
			this.frameworkPackages = frameworkPackages;
		}

	}

	/**
	 * What of Reactor runs on the task runtime.
	 */
	public static class Reactor {

		/**
		 * Whether Reactor's own parallel and single schedulers run on the task runtime.
		 * Applies to the whole JVM until the application ends. An application that is not
		 * a reactive web application has to set it.
		 */
		private boolean schedulers = true;

		/**
		 * Whether Reactor's bounded elastic schedulers do, too. What runs there waits for
		 * a thread then behind handlers that block, health checks among it.
		 */
		private boolean boundedElastic;

		public boolean isSchedulers() {
			return this.schedulers;
		}

		public void setSchedulers(boolean schedulers) {
			this.schedulers = schedulers;
		}

		public boolean isBoundedElastic() {
			return this.boundedElastic;
		}

		public void setBoundedElastic(boolean boundedElastic) {
			this.boundedElastic = boundedElastic;
		}

	}

	/**
	 * How Netty does I/O.
	 */
	public static class Netty {

		/**
		 * How the operating system is asked for I/O.
		 */
		private Transport transport = Transport.AUTO;

		/**
		 * Whether the server sends the answers of connections that were ready together in
		 * a row.
		 */
		private boolean batchFlushes = true;

		public Transport getTransport() {
			return this.transport;
		}

		public void setTransport(Transport transport) {
			this.transport = transport;
		}

		public boolean isBatchFlushes() {
			return this.batchFlushes;
		}

		public void setBatchFlushes(boolean batchFlushes) {
			this.batchFlushes = batchFlushes;
		}

	}

	/**
	 * What is practised soon after the start.
	 */
	public static class Drill {

		/**
		 * Whether a server practises, for some seconds in the background of its start,
		 * what it needs when a handler blocks, so that the first one finds it compiled.
		 */
		private boolean enabled = true;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * What traces say about the runtime.
	 */
	public static class Tracing {

		/**
		 * Whether the spans of requests say how long the request ran, was queued and was
		 * idle, and where it stalled.
		 */
		private boolean enabled = true;

		/**
		 * Whether tasks that are spawned within a trace get spans of their own.
		 */
		private boolean tasks;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public boolean isTasks() {
			return this.tasks;
		}

		public void setTasks(boolean tasks) {
			this.tasks = tasks;
		}

	}

	/**
	 * How requests are handled.
	 */
	public static class Web {

		/**
		 * Whether each request of a multiplexed connection, as HTTP/2 has them, is
		 * handled on a strand of its own, so that it does not hold the others of its
		 * connection.
		 */
		private boolean strandPerStream = true;

		/**
		 * Path patterns of requests that block: their handlers run on threads for
		 * blocking work and never on a worker.
		 */
		private List<String> blockingRoutes = new ArrayList<>();

		/**
		 * Whether requests of a route that blocked a worker are handled like those that
		 * are known to block, for as long as it does.
		 */
		private boolean learnBlockingRoutes = true;

		/**
		 * Whether requests whose path cannot be an endpoint's are not compared with the
		 * endpoints of an actuator on the same port.
		 */
		private boolean skipEndpointMatching = true;

		public boolean isStrandPerStream() {
			return this.strandPerStream;
		}

		public void setStrandPerStream(boolean strandPerStream) {
			this.strandPerStream = strandPerStream;
		}

		public List<String> getBlockingRoutes() {
			return this.blockingRoutes;
		}

		public void setBlockingRoutes(List<String> blockingRoutes) {
			this.blockingRoutes = blockingRoutes;
		}

		public boolean isLearnBlockingRoutes() {
			return this.learnBlockingRoutes;
		}

		public void setLearnBlockingRoutes(boolean learnBlockingRoutes) {
			this.learnBlockingRoutes = learnBlockingRoutes;
		}

		public boolean isSkipEndpointMatching() {
			return this.skipEndpointMatching;
		}

		public void setSkipEndpointMatching(boolean skipEndpointMatching) {
			this.skipEndpointMatching = skipEndpointMatching;
		}

	}

	/**
	 * How the server ends.
	 */
	public static class Shutdown {

		/**
		 * Time during which a server that is shutting down still accepts, for load
		 * balancers to notice that it is not ready any more.
		 */
		private Duration delay = Duration.ZERO;

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

	}

}
