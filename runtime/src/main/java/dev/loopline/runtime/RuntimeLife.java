package dev.loopline.runtime;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.loopline.runtime.internal.support.Failures;

/**
 * One life of a {@link TaskRuntime}, from its start to its end or from a restart to the
 * next end. For whoever builds on strands something that has a life of its own, such as
 * actors, and must not mix two lives up. Safe for use by many threads.
 */
public final class RuntimeLife {

	private final Scheduler scheduler;

	/** Those that were made. Its monitor guards the making and the end. */
	private final ConcurrentHashMap<Class<?>, Extension> extensions = new ConcurrentHashMap<>();

	/** Whether the extensions were told of the end. Guarded by the monitor of these. */
	private boolean ended;

	RuntimeLife(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Returns the current life of a runtime, or the last one if it has ended.
	 * @param runtime the runtime
	 * @return the life
	 */
	public static RuntimeLife of(TaskRuntime runtime) {
		return runtime.scheduler().life();
	}

	/**
	 * Returns the runtime.
	 * @return the runtime, which may be in another life by now
	 */
	public TaskRuntime runtime() {
		return this.scheduler.runtime();
	}

	/**
	 * Creates a strand that ends with this life.
	 * @return a new strand
	 */
	public Strand newStrand() {
		return this.scheduler.newStrand(StrandOptions.DEFAULTS);
	}

	/**
	 * Lets the hooks decorate what will run on a strand. A hook that throws is left out.
	 * @param work what will run
	 * @return what to run instead
	 * @see TaskHooks#onSubmit
	 */
	public Runnable decorate(Runnable work) {
		return this.scheduler.tasks().decorate(Objects.requireNonNull(work, "work"));
	}

	/**
	 * Returns the extension of a type. The first caller makes it; it is told once of the
	 * end of this life, at once if it is made after that, when strands refuse work.
	 * @param <T> the type of the extension
	 * @param type the type of the extension
	 * @param factory makes the extension and must not ask for another one
	 * @return the extension, the same for all callers
	 */
	public <T extends Extension> T extension(Class<T> type, Function<? super RuntimeLife, ? extends T> factory) {
		Objects.requireNonNull(type, "type");
		Objects.requireNonNull(factory, "factory");
		Extension extension = this.extensions.get(type);
		return type.cast((extension != null) ? extension : make(type, factory));
	}

	private Extension make(Class<?> type, Function<? super RuntimeLife, ? extends Extension> factory) {
		Extension made;
		synchronized (this.extensions) {
			Extension known = this.extensions.get(type);
			if (known != null) {
				return known;
			}
			made = Objects.requireNonNull(factory.apply(this), "extension");
			this.extensions.put(type, made);
			if (!this.ended) {
				return made;
			}
		}
		end(made);
		return made;
	}

	/**
	 * Tells the extensions that nothing runs any more.
	 */
	void end() {
		List<Extension> made;
		synchronized (this.extensions) {
			this.ended = true; // who is made from here on is told by its maker
			made = List.copyOf(this.extensions.values());
		}
		made.forEach(RuntimeLife::end);
	}

	private static void end(Extension extension) {
		Failures.attempt(Tasks.logger, extension::end);
	}

	/**
	 * Something that lives as long as a life of the runtime.
	 */
	@FunctionalInterface
	public interface Extension {

		/**
		 * Called at the end of the life: no strand runs any more, and none accepts work.
		 */
		void end();

	}

}
