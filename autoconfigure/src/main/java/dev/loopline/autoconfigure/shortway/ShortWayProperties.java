package dev.loopline.autoconfigure.shortway;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the short way.
 */
@ConfigurationProperties("loopline.web")
public class ShortWayProperties {

	/**
	 * Whether requests take a shorter way through WebFlux to the same answers.
	 */
	private boolean shortWay = true;

	public boolean isShortWay() {
		return this.shortWay;
	}

	public void setShortWay(boolean shortWay) {
		this.shortWay = shortWay;
	}

}
