package dev.loopline.autoconfigure.clients;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.messaging.rsocket.annotation.ConnectMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;

import static org.awaitility.Awaitility.await;

/**
 * Answers requests of RSocket with what they run on.
 */
@Controller
class RSocketEcho {

	/** Who blocks waits for it. */
	final CountDownLatch gate = new CountDownLatch(64);

	/** What happened that no answer tells of. */
	final Queue<String> seen = new ConcurrentLinkedQueue<>();

	List<String> seen() {
		return List.copyOf(this.seen);
	}

	@MessageMapping("thread")
	String thread() {
		return Thread.currentThread().getName();
	}

	@MessageMapping("route")
	Mono<String> route() {
		return Mono.fromSupplier(SomeWork::routeOfCaller);
	}

	@MessageMapping("items.{id}")
	String item(@DestinationVariable String id) {
		return id + " by " + SomeWork.routeOfCaller();
	}

	@MessageMapping({ "items.*", "*.7", "{kind}.{id}" })
	String lessSpecific() {
		return SomeWork.routeOfCaller();
	}

	@MessageMapping("say")
	String say(String text) {
		return text;
	}

	@MessageMapping("block")
	String block() {
		await().until(() -> this.gate.getCount() == 0);
		return "blocked";
	}

	@MessageMapping("other")
	String other() {
		this.gate.countDown();
		return "other";
	}

	@MessageMapping("stall")
	String stall() {
		return stallHere("stall");
	}

	/**
	 * Stalls where another answer arrives.
	 */
	@MessageMapping("stall-later")
	Mono<String> stallLater(RSocketRequester requester) {
		return requester.route("asked-back").retrieveMono(String.class).map((answer) -> stallHere("stall-later"));
	}

	/**
	 * Stalls until the route is blamed, and says whether that was expected.
	 */
	private static String stallHere(String route) {
		Strand strand = Strand.current();
		boolean expected = StrandInstrumentation.isSlow(strand);
		await().until(() -> expected || StrandInstrumentation.isSlow(strand));
		await().until(() -> culprits(strand.runtime()).contains("route=" + route + ","));
		return expected ? "expected" : "blamed";
	}

	private static String culprits(TaskRuntime runtime) {
		return runtime.diagnostics().stalls().culprits().toString();
	}

	@MessageMapping("fail")
	Mono<String> fail() {
		throw new IllegalStateException("not today");
	}

	@MessageMapping("numbers")
	Flux<Integer> numbers(int count) {
		return Flux.range(0, count)
			.doOnRequest((n) -> note("asked for " + n))
			.doOnCancel(() -> note("cancelled"))
			.doFinally((signal) -> note("ended"));
	}

	@MessageMapping("double")
	Flux<Integer> twice(Flux<Integer> numbers) {
		return numbers.doOnNext((number) -> {
			if (number == 0) {
				note("doubled");
			}
		}).map((number) -> number * 2);
	}

	@MessageMapping("first")
	Flux<Integer> first(Flux<Integer> numbers) {
		return numbers.take(3);
	}

	@MessageMapping("sum")
	Mono<Integer> sum(Flux<Integer> numbers) {
		return numbers.reduce(0, Integer::sum);
	}

	@MessageMapping("ask-back")
	Mono<String> askBack(RSocketRequester requester) {
		return requester.route("asked-back").retrieveMono(String.class);
	}

	@MessageMapping("note")
	void take(String note) {
		note(note);
	}

	@ConnectMapping("push")
	void push() {
		note("pushed");
	}

	private void note(String what) {
		this.seen.add(what + " by " + SomeWork.routeOfCaller());
	}

}
