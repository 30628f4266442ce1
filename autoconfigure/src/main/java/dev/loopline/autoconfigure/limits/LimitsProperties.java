package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the limits of routes.
 */
@ConfigurationProperties("loopline.web")
public class LimitsProperties {

	/**
	 * Limits of requests by their path, each with a name of its own.
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
		 * Path patterns of the requests that share it.
		 */
		private List<String> paths = new ArrayList<>();

		/**
		 * HTTP methods of these requests; all unless set.
		 */
		private List<String> methods = new ArrayList<>();

		/**
		 * Longest time until the answer begins, from the arrival of the request.
		 */
		private @Nullable Duration timeout;

		/**
		 * Requests that may be handled at a time.
		 */
		private @Nullable Integer maxConcurrent;

		/**
		 * Requests that may wait for that, beyond which they are refused; none unless
		 * set.
		 */
		private @Nullable Integer maxQueue;

		/**
		 * Longest time that a request waits before it is refused; a second unless set.
		 */
		private @Nullable Duration maxWait;

		/**
		 * Requests that may come in a time.
		 */
		private final Rate rate = new Rate();

		/**
		 * How much the requests matter when not all can be served.
		 */
		private @Nullable Priority priority;

		public List<String> getPaths() {
			return this.paths;
		}

		public void setPaths(List<String> paths) {
			this.paths = paths;
		}

		public List<String> getMethods() {
			return this.methods;
		}

		public void setMethods(List<String> methods) {
			this.methods = methods;
		}

		public @Nullable Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(@Nullable Duration timeout) {
			this.timeout = timeout;
		}

		public @Nullable Integer getMaxConcurrent() {
			return this.maxConcurrent;
		}

		public void setMaxConcurrent(@Nullable Integer maxConcurrent) {
			this.maxConcurrent = maxConcurrent;
		}

		public @Nullable Integer getMaxQueue() {
			return this.maxQueue;
		}

		public void setMaxQueue(@Nullable Integer maxQueue) {
			this.maxQueue = maxQueue;
		}

		public @Nullable Duration getMaxWait() {
			return this.maxWait;
		}

		public void setMaxWait(@Nullable Duration maxWait) {
			this.maxWait = maxWait;
		}

		public Rate getRate() {
			return this.rate;
		}

		public @Nullable Priority getPriority() {
			return this.priority;
		}

		public void setPriority(@Nullable Priority priority) {
			this.priority = priority;
		}

	}

	/**
	 * Requests that may come in a time.
	 */
	public static class Rate {

		/**
		 * Requests that may come in a period.
		 */
		private @Nullable Integer permits;

		/**
		 * The period; a second unless set.
		 */
		private @Nullable Duration period;

		/**
		 * Requests that may come at once after a pause; as many as in a period unless
		 * set.
		 */
		private @Nullable Integer burst;

		/**
		 * Whose requests are counted together.
		 */
		private @Nullable RateKey key;

		/**
		 * Header whose value is the key.
		 */
		private @Nullable String header;

		/**
		 * Whether answers say in RateLimit headers how many requests are left.
		 */
		private @Nullable Boolean headers;

		/**
		 * Where permits are counted: by each instance for itself, or in Redis for all
		 * together.
		 */
		private @Nullable RateStore store;

		public @Nullable Integer getPermits() {
			return this.permits;
		}

		public void setPermits(@Nullable Integer permits) {
			this.permits = permits;
		}

		public @Nullable Duration getPeriod() {
			return this.period;
		}

		public void setPeriod(@Nullable Duration period) {
			this.period = period;
		}

		public @Nullable Integer getBurst() {
			return this.burst;
		}

		public void setBurst(@Nullable Integer burst) {
			this.burst = burst;
		}

		public @Nullable RateKey getKey() {
			return this.key;
		}

		public void setKey(@Nullable RateKey key) {
			this.key = key;
		}

		public @Nullable String getHeader() {
			return this.header;
		}

		public void setHeader(@Nullable String header) {
			this.header = header;
		}

		public @Nullable Boolean getHeaders() {
			return this.headers;
		}

		public void setHeaders(@Nullable Boolean headers) {
			this.headers = headers;
		}

		public @Nullable RateStore getStore() {
			return this.store;
		}

		public void setStore(@Nullable RateStore store) {
			this.store = store;
		}

	}

}
