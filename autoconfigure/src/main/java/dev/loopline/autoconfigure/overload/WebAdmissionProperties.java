package dev.loopline.autoconfigure.overload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the admission of requests.
 */
@ConfigurationProperties("loopline.web")
public class WebAdmissionProperties {

	/**
	 * What is done with requests while the server is overloaded: adaptive refuses as many
	 * as it must with 503, off serves all of them late.
	 */
	private Overload overload = Overload.ADAPTIVE;

	private final Admission admission = new Admission();

	private final Priority priority = new Priority();

	public Overload getOverload() {
		return this.overload;
	}

	public void setOverload(Overload overload) {
		this.overload = overload;
	}

	public Admission getAdmission() {
		return this.admission;
	}

	public Priority getPriority() {
		return this.priority;
	}

	/**
	 * What is done with requests while there are too many.
	 */
	public enum Overload {

		/** As many are refused as must be. */
		ADAPTIVE,

		/** All of them are served, late. */
		OFF

	}

	/**
	 * How the server decides which requests to refuse while it is overloaded.
	 */
	public static class Admission {

		/**
		 * Time that everything queued waits for a worker at the least, for some tenths of
		 * a second in a row, before the server counts as overloaded.
		 */
		private Duration target = Duration.ofMillis(50);

		/**
		 * Request header that says how important a request is: critical, normal or
		 * sheddable. Only for clients that can be believed; empty for none.
		 */
		private String priorityHeader = "";

		/**
		 * Request header that says which client a request is of, for the same few to be
		 * refused; empty for its connection.
		 */
		private String clientHeader = "";

		public Duration getTarget() {
			return this.target;
		}

		public void setTarget(Duration target) {
			this.target = target;
		}

		public String getPriorityHeader() {
			return this.priorityHeader;
		}

		public void setPriorityHeader(String priorityHeader) {
			this.priorityHeader = priorityHeader;
		}

		public String getClientHeader() {
			return this.clientHeader;
		}

		public void setClientHeader(String clientHeader) {
			this.clientHeader = clientHeader;
		}

	}

	/**
	 * How important requests are while the server is overloaded.
	 */
	public static class Priority {

		/**
		 * Path patterns of requests that are refused last.
		 */
		private List<String> critical = new ArrayList<>();

		/**
		 * Path patterns of requests that are refused after the sheddable ones, as all are
		 * whose path matches nothing.
		 */
		private List<String> normal = new ArrayList<>();

		/**
		 * Path patterns of requests that are refused first.
		 */
		private List<String> sheddable = new ArrayList<>();

		public List<String> getCritical() {
			return this.critical;
		}

		public void setCritical(List<String> critical) {
			this.critical = critical;
		}

		public List<String> getNormal() {
			return this.normal;
		}

		public void setNormal(List<String> normal) {
			this.normal = normal;
		}

		public List<String> getSheddable() {
			return this.sheddable;
		}

		public void setSheddable(List<String> sheddable) {
			this.sheddable = sheddable;
		}

	}

}
