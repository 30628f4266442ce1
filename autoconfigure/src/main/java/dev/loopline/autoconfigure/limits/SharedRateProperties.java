package dev.loopline.autoconfigure.limits;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of rates that several instances share.
 */
@ConfigurationProperties("loopline.web.shared-rates")
public class SharedRateProperties {

	/**
	 * Beginning of the keys in Redis, before the name of the application.
	 */
	private String prefix = "loopline:rates:";

	/**
	 * Longest time that a request waits for Redis before the instance decides by itself.
	 */
	private Duration timeout = Duration.ofMillis(100);

	/**
	 * Number of instances, each of which lets its part pass while Redis does not answer.
	 */
	private int replicas = 1;

	public String getPrefix() {
		return this.prefix;
	}

	public void setPrefix(String prefix) {
		this.prefix = prefix;
	}

	public Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	public int getReplicas() {
		return this.replicas;
	}

	public void setReplicas(int replicas) {
		this.replicas = replicas;
	}

}
