package dev.loopline.runtime.stall;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Knows the threads of other libraries that many users share, such as those of event
 * loops, so that code of the application which keeps one of them is found. Called by
 * threads of the runtime, which must not wait.
 */
public interface ForeignThreads {

	/** For a runtime that watches no threads but its own. */
	ForeignThreads NONE = new ForeignThreads() {

		@Override
		public @Nullable Owner ownerOf(Thread thread) {
			return null;
		}

		@Override
		public boolean isLoop(Owner owner, String className) {
			return false;
		}

		@Override
		public String toString() {
			return "none";
		}

	};

	/**
	 * Returns whose a thread is. Asked again every few seconds.
	 * @param thread a thread of the JVM, but of no runtime
	 * @return {@code null} if it is nobody's who must not be kept
	 */
	@Nullable Owner ownerOf(Thread thread);

	/**
	 * Returns whether a class runs a loop: only what it calls is code that the loop
	 * serves.
	 * @param owner whose thread it is
	 * @param className the name of a class on the stack of such a thread
	 * @return whether the loop is its own
	 */
	boolean isLoop(Owner owner, String className);

	/**
	 * Whose a thread is. Immutable.
	 *
	 * @param library the library that made it, one of few, in the words of a meter's tag
	 * @param pool what its threads have in common
	 * @param advice what would help: a sentence without a full stop
	 */
	record Owner(String library, String pool, String advice) {

		public Owner {
			Objects.requireNonNull(library, "library");
			Objects.requireNonNull(pool, "pool");
			Objects.requireNonNull(advice, "advice");
		}

	}

}
