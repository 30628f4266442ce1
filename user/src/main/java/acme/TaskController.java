package acme;

import dev.loopline.runtime.TaskRuntime;
import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Runs tasks of its own.
 */
@RestController
class TaskController {

	private final TaskRuntime runtime;

	TaskController(TaskRuntime runtime) {
		this.runtime = runtime;
	}

	@GetMapping("/task")
	Mono<Integer> task() {
		return Mono.fromCompletionStage(this.runtime.spawn(() -> 20 + 22));
	}

	@GetMapping("/job")
	Mono<String> job() {
		return Mono.fromCompletionStage(this.runtime.spawnBlocking(() -> {
			Thread.sleep(20);
			return "done";
		}));
	}

}
