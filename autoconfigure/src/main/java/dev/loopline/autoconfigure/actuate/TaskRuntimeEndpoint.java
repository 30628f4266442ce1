package dev.loopline.autoconfigure.actuate;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.MimeTypeUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.TaskRuntime;

/**
 * Endpoint that shows what the task runtime is doing. Safe for use by many threads.
 */
@WebEndpoint(id = "loopline", defaultAccess = Access.READ_ONLY)
public final class TaskRuntimeEndpoint {

	private static final String JSON = MimeTypeUtils.APPLICATION_JSON_VALUE;

	private static final int MAX_SUBSCRIBERS = 32;

	/** Spawned tasks that are listed at most: there may be a million. */
	private static final int MAX_SPAWNED = 1_000;

	private final Supplier<TaskRuntime> runtime;

	private final RuntimeStream stream;

	private final Scheduler scheduler;

	TaskRuntimeEndpoint(Supplier<TaskRuntime> runtime) {
		this.runtime = runtime;
		// Neither runs on workers, which may all be busy.
		this.scheduler = Schedulers.boundedElastic();
		this.stream = new RuntimeStream(this::descriptor, MAX_SUBSCRIBERS, this.scheduler);
	}

	@ReadOperation
	RuntimeDescriptor runtime() {
		return descriptor();
	}

	@ReadOperation(produces = "text/plain;charset=UTF-8")
	String runtimeAsText() {
		return RuntimeText.of(this.runtime.get().snapshot());
	}

	/**
	 * Returns a part of the runtime: one operation, as only its path tells them apart.
	 */
	@ReadOperation(produces = { JSON, MimeTypeUtils.TEXT_HTML_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE,
			ConsoleFiles.SCRIPT_TYPE, ConsoleFiles.STYLE_TYPE })
	Mono<WebEndpointResponse<?>> view(@Selector String view, @Nullable Integer page, @Nullable Integer size,
			@Nullable String sort, @Nullable String kind, @Nullable String state, @Nullable String text) {
		return switch (view) {
			case "workers" -> json(() -> Map.of("workers", descriptor().workers()));
			case "tasks" -> tasks(new StrandQuery(page, size, sort, kind, state, text));
			case "spawned" -> json(() -> Map.of("tasks", this.runtime.get().tasks(MAX_SPAWNED)));
			case "actors" -> json(() -> Map.of("actors", this.runtime.get().actors()));
			case "stalls" -> json(() -> StallsDescriptor.of(this.runtime.get().stalls()));
			case "stream" -> Mono.just(stream());
			default -> Mono.justOrEmpty(ConsoleFiles.find(view));
		};
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
		this.runtime.get().stalls().clear();
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	private Mono<WebEndpointResponse<?>> tasks(StrandQuery query) {
		TaskRuntime runtime = this.runtime.get();
		return json(() -> query.run(runtime.strands(), runtime.config()));
	}

	private Mono<WebEndpointResponse<?>> json(Supplier<Object> body) {
		return Mono
			.<WebEndpointResponse<?>>fromSupplier(
					() -> new WebEndpointResponse<>(body.get(), MimeTypeUtils.APPLICATION_JSON))
			.subscribeOn(this.scheduler);
	}

	private WebEndpointResponse<?> stream() {
		Flux<ServerSentEvent<?>> events = this.stream.subscribe();
		return (events != null) ? new WebEndpointResponse<>(events, MediaType.TEXT_EVENT_STREAM)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_TOO_MANY_REQUESTS);
	}

	private RuntimeDescriptor descriptor() {
		TaskRuntime runtime = this.runtime.get();
		return RuntimeDescriptor.of(runtime.snapshot(), runtime.config(), System.currentTimeMillis());
	}

}
