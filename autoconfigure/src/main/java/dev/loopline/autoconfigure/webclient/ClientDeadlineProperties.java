package dev.loopline.autoconfigure.webclient;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the deadlines of requests that are sent.
 */
@ConfigurationProperties("loopline.client.deadlines")
public class ClientDeadlineProperties {

	/**
	 * Whether requests of a WebClient are given up at the deadline of the request that
	 * they are made for.
	 */
	private boolean enabled = true;

	/**
	 * Header that tells what is left; none if it is empty.
	 */
	private String header = "x-envoy-expected-rq-timeout-ms";

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public String getHeader() {
		return this.header;
	}

	public void setHeader(String header) {
		this.header = header;
	}

}
