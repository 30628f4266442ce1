package dev.loopline.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskRuntime;

/**
 * Spreads a request over many tasks and puts their results together.
 */
@RestController
@ConditionalOnBooleanProperty(name = "loopline.enabled", matchIfMissing = true)
class FanOutController {

	private static final NumberParameter TASKS = new NumberParameter("tasks", 1, 10_000);

	private static final NumberParameter MS = new NumberParameter("ms", 0, 10_000);

	private final TaskRuntime runtime;

	FanOutController(TaskRuntime runtime) {
		this.runtime = runtime;
	}

	@GetMapping(path = "/fan-out", produces = MediaType.TEXT_PLAIN_VALUE)
	CompletionStage<String> fanOut(@RequestParam(defaultValue = "10") String tasks,
			@RequestParam(defaultValue = "20") String ms) {
		long count = TASKS.parse(tasks);
		Duration time = Duration.ofMillis(MS.parse(ms));
		List<JoinHandle<Integer>> parts = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int part = i;
			parts.add(this.runtime.spawnAsync("fan-out", () -> this.runtime.sleep(time).thenApply((slept) -> part)));
		}
		CompletionStage<Integer> sum = CompletableFuture.completedStage(0);
		for (JoinHandle<Integer> part : parts) {
			sum = sum.thenCombine(part, Integer::sum);
		}
		return sum.thenApply((total) -> "Sum of %d tasks: %d".formatted(count, total));
	}

}
