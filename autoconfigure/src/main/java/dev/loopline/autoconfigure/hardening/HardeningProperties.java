package dev.loopline.autoconfigure.hardening;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of what a server expects of its connections.
 */
@ConfigurationProperties("loopline.web")
public class HardeningProperties {

	/**
	 * Whether the server is protected from clients that are slow, silent, too many or
	 * malformed, as loopline.web.connections says.
	 */
	private boolean hardening = true;

	private final Connections connections = new Connections();

	public boolean isHardening() {
		return this.hardening;
	}

	public void setHardening(boolean hardening) {
		this.hardening = hardening;
	}

	public Connections getConnections() {
		return this.connections;
	}

	/**
	 * What is expected of connections.
	 */
	public static class Connections {

		/**
		 * Time from the first byte of an HTTP/1.1 request, or from the start of the
		 * connection, until all of its headers must be there; 0 for no limit.
		 */
		private Duration headerTimeout = Duration.ofSeconds(30);

		/**
		 * Time for which a client may send nothing of the body of an HTTP/1.1 request
		 * while the server is ready for it; 0 for no limit.
		 */
		private Duration bodyTimeout = Duration.ofSeconds(60);

		/**
		 * Time for which a client may take nothing of what waits to be sent to it; 0 for
		 * no limit.
		 */
		private Duration writeTimeout = Duration.ofSeconds(60);

		/**
		 * Time for which a connection is kept on which nothing is asked; 0 for no limit.
		 * Of no effect beside server.netty.idle-timeout.
		 */
		private Duration idleTimeout = Duration.ofSeconds(75);

		/**
		 * Most connections of the server, and never more than the file descriptors allow:
		 * those beyond are closed as soon as they are accepted; 0 for no limit.
		 */
		private int max = 16_384;

		/**
		 * Most header fields of an HTTP/1.1 request, with more of which it is answered
		 * with 431; 0 for no limit.
		 */
		private int maxHeaders = 100;

		/**
		 * Time in which malformed requests are logged once between them; 0 for a line for
		 * each.
		 */
		private Duration malformedLogInterval = Duration.ofMinutes(1);

		public Duration getHeaderTimeout() {
			return this.headerTimeout;
		}

		public void setHeaderTimeout(Duration headerTimeout) {
			this.headerTimeout = headerTimeout;
		}

		public Duration getBodyTimeout() {
			return this.bodyTimeout;
		}

		public void setBodyTimeout(Duration bodyTimeout) {
			this.bodyTimeout = bodyTimeout;
		}

		public Duration getWriteTimeout() {
			return this.writeTimeout;
		}

		public void setWriteTimeout(Duration writeTimeout) {
			this.writeTimeout = writeTimeout;
		}

		public Duration getIdleTimeout() {
			return this.idleTimeout;
		}

		public void setIdleTimeout(Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
		}

		public int getMax() {
			return this.max;
		}

		public void setMax(int max) {
			this.max = max;
		}

		public int getMaxHeaders() {
			return this.maxHeaders;
		}

		public void setMaxHeaders(int maxHeaders) {
			this.maxHeaders = maxHeaders;
		}

		public Duration getMalformedLogInterval() {
			return this.malformedLogInterval;
		}

		public void setMalformedLogInterval(Duration malformedLogInterval) {
			this.malformedLogInterval = malformedLogInterval;
		}

	}

}
