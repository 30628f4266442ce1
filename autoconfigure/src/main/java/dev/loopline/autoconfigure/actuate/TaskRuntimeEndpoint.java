package dev.loopline.autoconfigure.actuate;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.limits.LimitSnapshot;
import dev.loopline.autoconfigure.limits.RequestLimits;
import dev.loopline.autoconfigure.overload.Admission;
import dev.loopline.autoconfigure.webclient.ClientLimitSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.stall.Stalls;
import dev.loopline.runtime.time.Ticker;

/**
 * Endpoint that shows what the task runtime is doing. Safe for use by many threads.
 */
@WebEndpoint(id = "loopline", defaultAccess = Access.READ_ONLY)
public final class TaskRuntimeEndpoint {

	static final String TEXT = "text/plain;charset=UTF-8";

	static final String JSON = MimeTypeUtils.APPLICATION_JSON_VALUE;

	static final int MAX_SUBSCRIBERS = 32;

	/** Tasks that are listed at most: there may be a million. */
	private static final int MAX_TASKS = 1_000;

	private final Supplier<TaskRuntime> runtime;

	private final Supplier<List<String>> slowRoutes;

	private final Refusals refusals;

	private final @Nullable RequestLimits limits;

	private final Supplier<List<ClientLimitSnapshot>> clientLimits;

	private final Supplier<Admission.@Nullable Snapshot> overload;

	private final RuntimeStream stream;

	private final Scheduler scheduler;

	private final Supplier<List<String>> onStrands;

	private final Supplier<IdentityDescriptor> identity;

	private final Supplier<Map<String, RouteLatency>> latencies;

	private final RuntimeHistory history;

	private Disposable recording = Disposables.disposed();

	TaskRuntimeEndpoint(Supplier<TaskRuntime> runtime, Supplier<List<String>> slowRoutes, Refusals refusals,
			@Nullable RequestLimits limits, Supplier<List<ClientLimitSnapshot>> clientLimits,
			Supplier<Admission.@Nullable Snapshot> overload, Supplier<List<String>> onStrands,
			Supplier<IdentityDescriptor> identity, Supplier<Map<String, RouteLatency>> latencies) {
		this.latencies = latencies;
		this.onStrands = onStrands;
		this.overload = overload;
		this.runtime = runtime;
		this.slowRoutes = slowRoutes;
		this.refusals = refusals;
		this.limits = limits;
		this.clientLimits = clientLimits;
		// Neither runs on workers, which may all be busy.
		this.scheduler = Schedulers.boundedElastic();
		this.stream = new RuntimeStream(this::descriptor, MAX_SUBSCRIBERS, this.scheduler);
		this.identity = SingletonSupplier.of(identity);
		this.history = new RuntimeHistory(this::counters, () -> stalls().culprits(), Ticker.system());
	}

	@ReadOperation
	RuntimeDescriptor runtime() {
		return descriptor();
	}

	@ReadOperation(produces = TEXT)
	String runtimeAsText() {
		return RuntimeText.of(this.runtime.get().diagnostics().snapshot());
	}

	/**
	 * Returns a part of the runtime: one operation, as only its path tells them apart.
	 */
	@ReadOperation(produces = { JSON, MimeTypeUtils.TEXT_HTML_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE,
			ConsoleFiles.SCRIPT_TYPE, ConsoleFiles.STYLE_TYPE })
	Mono<WebEndpointResponse<?>> view(@Selector String view, @Nullable String page, @Nullable String size,
			@Nullable String sort, @Nullable String kind, @Nullable String state, @Nullable String text) {
		return switch (view) {
			case "workers" -> json(() -> Map.of("workers", descriptor().workers()));
			case "strands" -> strands(() -> new StrandQuery(page, size, sort, kind, state, text));
			case "tasks" -> json(() -> Map.of("tasks", this.runtime.get().diagnostics().tasks(MAX_TASKS)));
			case "actors" -> json(() -> Map.of("actors", Actors.of(this.runtime.get()).snapshot()));
			case "stalls" -> json(() -> StallsDescriptor.of(this.runtime.get().diagnostics().stalls(),
					this.slowRoutes.get(), this.refusals.byRoute()));
			case "limits" -> json(() -> Map.of("limits", limits()));
			case "samples" -> json(() -> SamplesDescriptor.of(stalls()));
			case "loops" -> json(() -> LoopsDescriptor.of(this.runtime.get().diagnostics().snapshot(),
					stalls().foreign(), this.onStrands.get(), System.currentTimeMillis()));
			case "clients" -> json(() -> Map.of("limits", this.clientLimits.get()));
			case "identity" -> json(this.identity::get);
			case "history" -> json(this::history);
			case "routes" -> json(() -> RoutesDescriptor.of(this.runtime.get().diagnostics().strands(), stalls(),
					this.refusals.byRoute(), this.latencies.get()));
			case "stream" -> Mono.just(stream());
			default -> Mono.justOrEmpty(ConsoleFiles.find(view));
		};
	}

	private HistoryDescriptor history() {
		long now = System.currentTimeMillis();
		return this.history.describe(StallsDescriptor.running(stalls()), LoopsDescriptor.stalled(stalls().foreign(),
				now, RuntimeHistory.STEP.multipliedBy(RuntimeHistory.STEPS)), now);
	}

	private List<LimitSnapshot> limits() {
		return (this.limits != null) ? this.limits.snapshot() : List.of();
	}

	/**
	 * Changes how many requests of a limit may be handled at a time. Not for those who
	 * may only read, which is everybody unless access is unrestricted.
	 */
	@WriteOperation
	WebEndpointResponse<?> change(@Selector String view, @Nullable String name, @Nullable String maxConcurrent) {
		if (!view.equals("limits")) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		int requests = parse(maxConcurrent);
		if (name == null || requests < 1) {
			return problem(HttpStatus.BAD_REQUEST, """
					The body must have the name of a limit, and maxConcurrent as a number of at least 1, but they were \
					'%s' and '%s'""".formatted(name, maxConcurrent));
		}
		if (this.limits == null || !this.limits.resize(name, requests)) {
			return problem(HttpStatus.NOT_FOUND,
					"No limit '%s' has a max-concurrent that could be changed".formatted(name));
		}
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	private static int parse(@Nullable String number) {
		try {
			return Integer.parseInt(Objects.requireNonNullElse(number, ""));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Forgets the culprits. Not for those who may only read, which is everybody unless
	 * access is unrestricted.
	 */
	@DeleteOperation
	WebEndpointResponse<Void> clear(@Selector String view) {
		if (!view.equals("stalls")) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		this.runtime.get().diagnostics().stalls().clear();
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	private Mono<WebEndpointResponse<?>> strands(Supplier<StrandQuery> parameters) {
		TaskRuntime runtime = this.runtime.get();
		try {
			StrandQuery query = parameters.get();
			return json(() -> query.run(runtime.diagnostics().strands()));
		}
		catch (InvalidEndpointRequestException ex) {
			return Mono.just(problem(HttpStatus.BAD_REQUEST, ex.getReason()));
		}
	}

	/**
	 * Refuses a request and says why, which Boot's error page would not.
	 */
	private static WebEndpointResponse<?> problem(HttpStatus status, @Nullable String detail) {
		return new WebEndpointResponse<>(ProblemDetail.forStatusAndDetail(status, detail), status.value(),
				MediaType.APPLICATION_PROBLEM_JSON);
	}

	/**
	 * Returns how many are being streamed to.
	 */
	int subscribers() {
		return this.stream.subscribers();
	}

	/**
	 * Lets streams be opened, again if they have been ended, and keeps the history.
	 */
	synchronized void startStreams() {
		this.recording.dispose();
		this.recording = this.scheduler.schedulePeriodically(this.history::record, 0, RuntimeHistory.STEP.toMillis(),
				TimeUnit.MILLISECONDS);
		this.stream.start();
	}

	/**
	 * Ends every stream, with an event that says why, and any that is opened later; and
	 * the history goes on only when somebody asks for it.
	 */
	synchronized void endStreams() {
		this.recording.dispose();
		this.stream.end();
	}

	private Mono<WebEndpointResponse<?>> json(Supplier<Object> body) {
		return Mono
			.<WebEndpointResponse<?>>fromSupplier(
					() -> new WebEndpointResponse<>(body.get(), MimeTypeUtils.APPLICATION_JSON))
			.subscribeOn(this.scheduler);
	}

	private WebEndpointResponse<?> stream() {
		Flux<ServerSentEvent<?>> events = this.stream.open();
		return (events != null) ? new WebEndpointResponse<>(events, MediaType.TEXT_EVENT_STREAM)
				: problem(HttpStatus.TOO_MANY_REQUESTS, "This server streams to " + MAX_SUBSCRIBERS + " at a time");
	}

	private Stalls stalls() {
		return this.runtime.get().diagnostics().stalls();
	}

	private RuntimeHistory.Counters counters() {
		RuntimeSnapshot now = this.runtime.get().diagnostics().snapshot();
		long stalls = now.stalls().counts().values().stream().mapToLong(Long::longValue).sum();
		return new RuntimeHistory.Counters(stalls, this.refusals.total(), now.handoffs().exhaustions(),
				now.blocking().threads() - now.blocking().idleThreads(),
				now.blocking().queueDepth() + now.lane().depth());
	}

	private RuntimeDescriptor descriptor() {
		TaskRuntime runtime = this.runtime.get();
		return RuntimeDescriptor.of(runtime.diagnostics().snapshot(), runtime.config(), this.refusals.total(), limits(),
				this.overload.get(), System.currentTimeMillis());
	}

}
