package dev.loopline.autoconfigure.webclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the limits of requests that are sent.
 */
@ConfigurationProperties("loopline.client")
public class ClientLimitsProperties {

	/**
	 * Limits of a WebClient's requests by their host, each with a name of its own.
	 */
	private final Map<String, Limit> limits = new LinkedHashMap<>();

	public Map<String, Limit> getLimits() {
		return this.limits;
	}

	/**
	 * A limit.
	 */
	public static class Limit {

		/**
		 * Hosts that it holds for, such as api.example.org, inventory:8080, *.internal or
		 * *.
		 */
		private List<String> hosts = new ArrayList<>();

		/**
		 * Longest time until an answer begins, retries included.
		 */
		private @Nullable Duration timeout;

		/**
		 * Longest time until the answer to one of the attempts begins.
		 */
		private @Nullable Duration attemptTimeout;

		/**
		 * Whether requests are refused here while their server refuses more than half.
		 */
		private @Nullable Boolean throttle;

		/**
		 * Servers of which one is chosen for each request, instead of its host.
		 */
		private List<String> instances = new ArrayList<>();

		/**
		 * Whether one is chosen of the servers that Spring Cloud LoadBalancer knows of
		 * the service that the host names.
		 */
		private @Nullable Boolean discovery;

		/**
		 * Whether and how requests are sent again.
		 */
		private final Retry retry = new Retry();

		/**
		 * Whether and when requests are sent a second time.
		 */
		private final Hedge hedge = new Hedge();

		/**
		 * How many requests a host has at a time, which is learned.
		 */
		private final Concurrency concurrency = new Concurrency();

		public List<String> getHosts() {
			return this.hosts;
		}

		public void setHosts(List<String> hosts) {
			this.hosts = hosts;
		}

		public @Nullable Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(@Nullable Duration timeout) {
			this.timeout = timeout;
		}

		public @Nullable Duration getAttemptTimeout() {
			return this.attemptTimeout;
		}

		public void setAttemptTimeout(@Nullable Duration attemptTimeout) {
			this.attemptTimeout = attemptTimeout;
		}

		public @Nullable Boolean getThrottle() {
			return this.throttle;
		}

		public void setThrottle(@Nullable Boolean throttle) {
			this.throttle = throttle;
		}

		public List<String> getInstances() {
			return this.instances;
		}

		public void setInstances(List<String> instances) {
			this.instances = instances;
		}

		public @Nullable Boolean getDiscovery() {
			return this.discovery;
		}

		public void setDiscovery(@Nullable Boolean discovery) {
			this.discovery = discovery;
		}

		public Retry getRetry() {
			return this.retry;
		}

		public Hedge getHedge() {
			return this.hedge;
		}

		public Concurrency getConcurrency() {
			return this.concurrency;
		}

	}

	/**
	 * Whether and how requests are sent again.
	 */
	public static class Retry {

		/**
		 * How often a request is sent at most; once unless set.
		 */
		private @Nullable Integer maxAttempts;

		/**
		 * Retries for a request, on average; a fifth unless set.
		 */
		private @Nullable Double budget;

		/**
		 * Retries in a second whatever there were; ten unless set.
		 */
		private @Nullable Integer minPerSecond;

		/**
		 * First pause, which doubles each time; 50 milliseconds unless set.
		 */
		private @Nullable Duration backoff;

		/**
		 * Longest pause; a second unless set.
		 */
		private @Nullable Duration maxBackoff;

		/**
		 * HTTP methods of requests that may be sent twice; those that are idempotent
		 * unless set.
		 */
		private List<String> methods = new ArrayList<>();

		/**
		 * Statuses that are failures; 502, 503 and 504 unless set.
		 */
		private List<Integer> statuses = new ArrayList<>();

		public @Nullable Integer getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(@Nullable Integer maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public @Nullable Double getBudget() {
			return this.budget;
		}

		public void setBudget(@Nullable Double budget) {
			this.budget = budget;
		}

		public @Nullable Integer getMinPerSecond() {
			return this.minPerSecond;
		}

		public void setMinPerSecond(@Nullable Integer minPerSecond) {
			this.minPerSecond = minPerSecond;
		}

		public @Nullable Duration getBackoff() {
			return this.backoff;
		}

		public void setBackoff(@Nullable Duration backoff) {
			this.backoff = backoff;
		}

		public @Nullable Duration getMaxBackoff() {
			return this.maxBackoff;
		}

		public void setMaxBackoff(@Nullable Duration maxBackoff) {
			this.maxBackoff = maxBackoff;
		}

		public List<String> getMethods() {
			return this.methods;
		}

		public void setMethods(List<String> methods) {
			this.methods = methods;
		}

		public List<Integer> getStatuses() {
			return this.statuses;
		}

		public void setStatuses(List<Integer> statuses) {
			this.statuses = statuses;
		}

	}

	/**
	 * Whether and when requests are sent a second time.
	 */
	public static class Hedge {

		/**
		 * Requests in a hundred that are answered before a second one is sent.
		 */
		private @Nullable Double percentile;

		/**
		 * Answers that a period must have had for that; a hundred unless set.
		 */
		private @Nullable Integer minDataPoints;

		/**
		 * Period of which the percentile is one; ten seconds unless set.
		 */
		private @Nullable Duration period;

		/**
		 * Second requests for a request, on average; a tenth unless set.
		 */
		private @Nullable Double budget;

		public @Nullable Double getPercentile() {
			return this.percentile;
		}

		public void setPercentile(@Nullable Double percentile) {
			this.percentile = percentile;
		}

		public @Nullable Integer getMinDataPoints() {
			return this.minDataPoints;
		}

		public void setMinDataPoints(@Nullable Integer minDataPoints) {
			this.minDataPoints = minDataPoints;
		}

		public @Nullable Duration getPeriod() {
			return this.period;
		}

		public void setPeriod(@Nullable Duration period) {
			this.period = period;
		}

		public @Nullable Double getBudget() {
			return this.budget;
		}

		public void setBudget(@Nullable Double budget) {
			this.budget = budget;
		}

	}

	/**
	 * How many requests a host has at a time.
	 */
	public static class Concurrency {

		/**
		 * How many at most.
		 */
		private @Nullable Integer max;

		/**
		 * How many at first; twenty, or the most, unless set.
		 */
		private @Nullable Integer initial;

		/**
		 * How many always; as many as at first unless set.
		 */
		private @Nullable Integer min;

		public @Nullable Integer getMax() {
			return this.max;
		}

		public void setMax(@Nullable Integer max) {
			this.max = max;
		}

		public @Nullable Integer getInitial() {
			return this.initial;
		}

		public void setInitial(@Nullable Integer initial) {
			this.initial = initial;
		}

		public @Nullable Integer getMin() {
			return this.min;
		}

		public void setMin(@Nullable Integer min) {
			this.min = min;
		}

	}

}
