package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.observation.Observation;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RouteTimes}.
 */
class RouteTimesTests {

	private static final Duration WINDOW = Duration.ofNanos(RouteTimes.WINDOW_NANOS);

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final RouteTimes times = new RouteTimes(this.now::get);

	@Test
	void nothingIsTimedBeforeSomebodyLooks() {
		ServerRequestObservationContext request = begin("/a");
		assertThat(request.<Object>get(RouteTimes.class)).isNull();
		assertThat(this.times.look()).isEmpty();
		end(request);
		assertThat(this.times.look()).as("its start is not known").isEmpty();
	}

	@Test
	void requestsAreTimedByRouteOnceSomebodyHasLooked() {
		this.times.look();
		take("/a/{id}", Duration.ofMillis(30));
		take("/a/{id}", Duration.ofMillis(10));
		take("/b", Duration.ofMillis(2));
		Map<String, RouteLatency> seen = this.times.look();
		assertThat(seen).containsOnlyKeys("GET /a/{id}", "GET /b");
		assertThat(seen.get("GET /a/{id}").requests()).isEqualTo(2);
		assertThat(seen.get("GET /a/{id}").p50Nanos()).isCloseTo(10_000_000, Percentage.withPercentage(7));
		assertThat(seen.get("GET /a/{id}").p99Nanos()).isCloseTo(30_000_000, Percentage.withPercentage(7));
	}

	@Test
	void requestWithoutARouteIsNobodys() {
		this.times.look();
		take(null, Duration.ofMillis(30));
		assertThat(this.times.look()).isEmpty();
	}

	@Test
	void lengthOfAStreamIsNotTimed() {
		this.times.look();
		ServerRequestObservationContext request = begin("/a");
		request.getResponse().getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
		end(request);
		assertThat(this.times.look()).isEmpty();
	}

	@Test
	void nothingIsTimedAMinuteAfterTheLastLook() {
		this.times.look();
		take("/a", Duration.ofNanos(RouteTimes.WATCH_NANOS - 1));
		take("/a", Duration.ofMillis(1));
		assertThat(begin("/a").<Object>get(RouteTimes.class)).isNull();
		assertThat(this.times.look()).as("old times say nothing of now").isEmpty();
	}

	@Test
	void timesAreForgottenAfterTwoWindows() {
		this.times.look();
		take("/a", Duration.ofMillis(1));
		pass(WINDOW.minusMillis(2));
		assertThat(this.times.look()).containsOnlyKeys("GET /a");
		pass(Duration.ofMillis(1));
		take("/b", Duration.ofMillis(1));
		assertThat(this.times.look()).containsOnlyKeys("GET /a", "GET /b");
		pass(WINDOW.minusMillis(2));
		assertThat(this.times.look()).containsOnlyKeys("GET /a", "GET /b");
		pass(Duration.ofMillis(3));
		assertThat(this.times.look()).containsOnlyKeys("GET /b");
		pass(WINDOW.minusMillis(1));
		assertThat(this.times.look()).isEmpty();
	}

	@Test
	void timesAreForgottenAfterTwoWindowsHoweverSeldomSomebodyLooks() {
		Duration seldom = WINDOW.minusSeconds(1);
		this.times.look();
		take("/a", Duration.ofMillis(1));
		pass(seldom);
		this.times.look();
		pass(seldom);
		assertThat(this.times.look()).containsOnlyKeys("GET /a");
		pass(seldom);
		assertThat(this.times.look()).isEmpty();
	}

	@Test
	void windowEndsThoughNobodyLooks() {
		this.times.look();
		pass(WINDOW.minusSeconds(2));
		this.times.look();
		pass(WINDOW.minusSeconds(3));
		take("/a", Duration.ofMillis(1));
		this.times.look();
		pass(Duration.ofSeconds(10));
		assertThat(this.times.look()).as("of the second window").containsOnlyKeys("GET /a");
	}

	@Test
	void laterRoutesAreNotTimed() {
		this.times.look();
		for (int i = 0; i < 2 * RouteTimes.MAX_ROUTES; i++) {
			take("/" + i, Duration.ofMillis(1));
			take("/0", Duration.ofMillis(1));
		}
		Map<String, RouteLatency> seen = this.times.look();
		assertThat(seen).hasSize(RouteTimes.MAX_ROUTES);
		assertThat(seen.get("GET /0").requests()).isEqualTo(2 * RouteTimes.MAX_ROUTES + 1);
	}

	@Test
	void onlyRequestsOfServersAreItsBusiness() {
		assertThat(this.times.supportsContext(begin("/a"))).isTrue();
		assertThat(this.times.supportsContext(new Observation.Context())).isFalse();
	}

	private void take(@Nullable String pattern, Duration time) {
		ServerRequestObservationContext request = begin(pattern);
		pass(time);
		end(request);
	}

	private ServerRequestObservationContext begin(@Nullable String pattern) {
		ServerRequestObservationContext request = new ServerRequestObservationContext(
				MockServerHttpRequest.get("/somewhere").build(), new MockServerHttpResponse(), Map.of());
		this.times.onStart(request);
		request.setPathPattern(pattern);
		return request;
	}

	private void end(ServerRequestObservationContext request) {
		this.times.onStop(request);
	}

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

}
