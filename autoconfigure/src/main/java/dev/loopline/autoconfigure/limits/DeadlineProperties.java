package dev.loopline.autoconfigure.limits;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the deadlines that requests bring with them.
 */
@ConfigurationProperties("loopline.web.deadlines")
public class DeadlineProperties {

	/**
	 * Whether a request is given up once the time that its headers grant is over.
	 */
	private boolean enabled = true;

	/**
	 * Another header with a time in milliseconds, besides grpc-timeout and
	 * x-envoy-expected-rq-timeout-ms; none if it is empty.
	 */
	private String header = "";

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
