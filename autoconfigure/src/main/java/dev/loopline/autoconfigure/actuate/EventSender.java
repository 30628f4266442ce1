package dev.loopline.autoconfigure.actuate;

import java.io.IOException;
import java.util.Objects;

import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Sends events as Spring MVC does, until they end or the client has left.
 */
@SuppressWarnings("rawtypes")
final class EventSender extends BaseSubscriber<ServerSentEvent> {

	private final SseEmitter emitter;

	private final JsonWriter json;

	private EventSender(SseEmitter emitter, JsonWriter json) {
		this.emitter = emitter;
		this.json = json;
	}

	/**
	 * Begins to send.
	 * @param events what to send, {@link ServerSentEvent}s with a name and data
	 */
	static SseEmitter send(Flux<?> events, JsonWriter json) {
		SseEmitter emitter = new SseEmitter(RuntimeStream.LIFE.plus(RuntimeStream.PERIOD).toMillis());
		EventSender sender = new EventSender(emitter, json);
		emitter.onCompletion(sender::cancel);
		emitter.onError((ex) -> sender.cancel());
		events.cast(ServerSentEvent.class).subscribe(sender);
		return emitter;
	}

	@Override
	protected void hookOnNext(ServerSentEvent event) {
		try {
			Object data = Objects.requireNonNull(event.data());
			this.emitter.send(SseEmitter.event()
				.name(Objects.requireNonNull(event.event()))
				.data((data instanceof String text) ? text : this.json.write(data)));
		}
		catch (IOException ex) {
			cancel(); // the client has left, and the container knows
		}
	}

	@Override
	protected void hookOnComplete() {
		this.emitter.complete();
	}

	@Override
	protected void hookOnError(Throwable ex) {
		this.emitter.completeWithError(ex);
	}

}
