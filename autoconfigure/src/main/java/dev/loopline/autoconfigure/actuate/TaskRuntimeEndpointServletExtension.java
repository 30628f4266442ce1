package dev.loopline.autoconfigure.actuate;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import reactor.core.publisher.Flux;

/**
 * The {@link TaskRuntimeEndpoint} as Spring MVC serves it: with headers that are set
 * within the operations, answers for which their thread waits, and streams that MVC knows
 * how to send. Safe for use by many threads.
 */
@EndpointWebExtension(endpoint = TaskRuntimeEndpoint.class)
public final class TaskRuntimeEndpointServletExtension {

	private final TaskRuntimeEndpoint endpoint;

	private final Function<String, Map<String, String>> headers;

	private final JsonWriter json;

	/**
	 * Creates the extension.
	 * @param headers what an answer gets, by the part that is asked for
	 */
	TaskRuntimeEndpointServletExtension(TaskRuntimeEndpoint endpoint, Function<String, Map<String, String>> headers,
			JsonWriter json) {
		this.endpoint = endpoint;
		this.headers = headers;
		this.json = json;
	}

	@ReadOperation
	RuntimeDescriptor runtime() {
		setHeaders("");
		return this.endpoint.runtime();
	}

	@ReadOperation(produces = TaskRuntimeEndpoint.TEXT)
	String runtimeAsText() {
		setHeaders("");
		return this.endpoint.runtimeAsText();
	}

	@ReadOperation(produces = { TaskRuntimeEndpoint.JSON, MimeTypeUtils.TEXT_HTML_VALUE,
			MediaType.TEXT_EVENT_STREAM_VALUE, ConsoleFiles.SCRIPT_TYPE, ConsoleFiles.STYLE_TYPE })
	@Nullable Object view(@Selector String view, @Nullable String page, @Nullable String size, @Nullable String sort,
			@Nullable String kind, @Nullable String state, @Nullable String text) {
		setHeaders(view);
		WebEndpointResponse<?> response = this.endpoint.view(view, page, size, sort, kind, state, text).block();
		if (response == null || !(response.getBody() instanceof Flux<?> events)) {
			return response;
		}
		// The answer to a HEAD has no body, nor an end that a stream would be noticed by
		boolean head = attributes().getRequest().getMethod().equals("HEAD");
		return head ? new WebEndpointResponse<>(null, response.getStatus(), response.getContentType())
				: EventSender.send(events, this.json);
	}

	@WriteOperation
	WebEndpointResponse<?> change(@Selector String view, @Nullable String name, @Nullable String maxConcurrent) {
		setHeaders("");
		return this.endpoint.change(view, name, maxConcurrent);
	}

	@DeleteOperation
	WebEndpointResponse<Void> clear(@Selector String view) {
		setHeaders("");
		return this.endpoint.clear(view);
	}

	private void setHeaders(String view) {
		HttpServletResponse response = Objects.requireNonNull(attributes().getResponse());
		this.headers.apply(view).forEach(response::setHeader);
	}

	private static ServletRequestAttributes attributes() {
		return (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
	}

}
