package dev.loopline.layers;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Stack}.
 */
class StackTests {

	private final List<String> seen = new ArrayList<>();

	@Test
	void layerThatIsAddedFirstSeesTheRequestFirst() {
		Service<String, String> service = Stack.<String, String>empty()
			.add(named("outer"))
			.add(named("inner"))
			.around((request) -> {
				this.seen.add("service");
				return Mono.just(request + "!");
			});
		assertThat(service.call("hello").block()).isEqualTo("hello!");
		assertThat(this.seen).containsExactly("outer", "inner", "service");
	}

	@Test
	void emptyStackIsTheService() {
		Service<String, String> service = Mono::just;
		assertThat(Stack.<String, String>empty().around(service)).isSameAs(service);
	}

	@Test
	void stackIsNotChangedByAddingToIt() {
		Stack<String, String> one = Stack.<String, String>empty().add(named("one"));
		one.add(named("two"));
		one.around(Mono::just).call("").block();
		assertThat(this.seen).containsExactly("one");
	}

	private Layer<String, String> named(String name) {
		return (inner) -> (request) -> {
			this.seen.add(name);
			return inner.call(request);
		};
	}

}
