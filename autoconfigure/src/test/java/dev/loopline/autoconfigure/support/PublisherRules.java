package dev.loopline.autoconfigure.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/**
 * The rules of Reactive Streams for publishers, from its own compatibility kit.
 */
public final class PublisherRules {

	/** Before what must come counts as missing. */
	private static final long TIMEOUT_MILLIS = 2_000;

	/** How long what must not come is waited for. */
	private static final long SILENCE_MILLIS = 50;

	/** What only publishers with many subscribers can keep. */
	private static final String OPTIONAL = "multicast";

	private PublisherRules() {
	}

	/**
	 * Returns a test per rule.
	 * @param maxElements how many elements there can be at most
	 * @param operator turns a well-behaved source into the publisher to test
	 */
	public static Stream<DynamicTest> of(long maxElements, Function<Publisher<Long>, Publisher<Long>> operator) {
		return of(maxElements, true, operator);
	}

	/**
	 * Returns a test per rule for a publisher that does not look at its source before
	 * there is demand, and so cannot fail sooner.
	 * @param maxElements how many elements there can be at most
	 * @param operator turns a well-behaved source into the publisher to test
	 */
	public static Stream<DynamicTest> onDemand(long maxElements, Function<Publisher<Long>, Publisher<Long>> operator) {
		return of(maxElements, false, operator);
	}

	private static Stream<DynamicTest> of(long maxElements, boolean failing,
			Function<Publisher<Long>, Publisher<Long>> operator) {
		return Arrays.stream(PublisherVerification.class.getMethods())
			.filter((method) -> method.isAnnotationPresent(Test.class) && !method.getName().contains(OPTIONAL))
			.map((method) -> DynamicTest.dynamicTest(method.getName(),
					() -> verify(new Rules(maxElements, failing, operator), method)));
	}

	private static void verify(Rules rules, Method method) throws Throwable {
		rules.setUp();
		try {
			method.invoke(rules);
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof SkipException skipped) {
				throw new TestAbortedException(skipped.getMessage());
			}
			throw ex.getCause();
		}
	}

	private static final class Rules extends PublisherVerification<Long> {

		private final long maxElements;

		private final boolean failing;

		private final Function<Publisher<Long>, Publisher<Long>> operator;

		Rules(long maxElements, boolean failing, Function<Publisher<Long>, Publisher<Long>> operator) {
			super(new TestEnvironment(TIMEOUT_MILLIS, SILENCE_MILLIS));
			this.maxElements = maxElements;
			this.failing = failing;
			this.operator = operator;
		}

		@Override
		public Publisher<Long> createPublisher(long elements) {
			return this.operator
				.apply(Flux.range(0, (int) Math.min(elements, Integer.MAX_VALUE)).map(Integer::longValue));
		}

		@Override
		public @Nullable Publisher<Long> createFailedPublisher() {
			if (!this.failing) {
				return null;
			}
			return this.operator.apply(Flux.error(new IllegalStateException("expected")));
		}

		@Override
		public long maxElementsFromPublisher() {
			return this.maxElements;
		}

	}

}
