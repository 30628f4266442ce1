package dev.loopline.demo;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;

/**
 * Keeps state in an actor.
 */
@RestController
@ConditionalOnBooleanProperty(name = "loopline.enabled", matchIfMissing = true)
class CounterController {

	private static final NumberParameter BY = new NumberParameter("by", -1_000_000, 1_000_000);

	private final ActorRef<CounterActor.Add> counter;

	CounterController(TaskRuntime runtime) {
		this.counter = Actors.of(runtime).spawn("counter", CounterActor::new);
	}

	@PostMapping(path = "/counter", produces = MediaType.TEXT_PLAIN_VALUE)
	CompletionStage<String> add(@RequestParam(defaultValue = "1") String by) {
		long amount = BY.parse(by);
		return this.counter.<Long>ask((answer) -> new CounterActor.Add(amount, answer), Duration.ofSeconds(1))
			.thenApply((total) -> "Counted to " + total);
	}

}
