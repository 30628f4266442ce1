package dev.loopline.runtime.internal.thread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Failures;

/**
 * Makes virtual threads, which the JDKs have that are newer than the one that this is
 * compiled for. Safe for use by many threads.
 */
public final class VirtualThreads {

	/*-
	 * Two schedulers
	 * --------------
	 * By default the JDK runs virtual threads on a pool of its own, with a thread for each processor. It has a
	 * place for another executor, but no public door to it: the builder of virtual threads has a field that is
	 * called "scheduler" (JDK 21 to 25). It can be set where "--add-opens java.base/java.lang=ALL-UNNAMED" was
	 * given, or an executable jar says "Add-Opens: java.base/java.lang" in its manifest. That is found out once.
	 *
	 * The executor is handed the continuation of the thread for its start and after each wait. It must run it, on a
	 * thread that is not virtual, and must never refuse it.
	 */

	/**
	 * A waiting virtual thread gives the monitors that it waits for no processor thread.
	 */
	private static final int NEVER_PINNED_BY_MONITORS = 24;

	private final MethodHandle ofVirtual;

	private final MethodHandle inherit;

	private final MethodHandle name;

	private final MethodHandle unstarted;

	private final @Nullable MethodHandle setScheduler;

	private final @Nullable ClassLoader classLoader;

	private VirtualThreads(@Nullable ClassLoader classLoader) throws ReflectiveOperationException {
		MethodHandles.Lookup lookup = MethodHandles.publicLookup();
		Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
		this.ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder))
			.asType(MethodType.methodType(Object.class));
		this.inherit = lookup
			.findVirtual(builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class))
			.asType(MethodType.methodType(Object.class, Object.class, boolean.class));
		this.name = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class))
			.asType(MethodType.methodType(Object.class, Object.class, String.class));
		this.unstarted = lookup.findVirtual(builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class))
			.asType(MethodType.methodType(Thread.class, Object.class, Runnable.class));
		this.setScheduler = schedulerSetter();
		this.classLoader = classLoader;
	}

	/**
	 * Looks for the place for a scheduler.
	 * @return {@code null} if it is not there, or is closed
	 */
	private static @Nullable MethodHandle schedulerSetter() {
		try {
			Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
			return MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
				.findSetter(builder, "scheduler", Executor.class)
				.asType(MethodType.methodType(void.class, Object.class, Executor.class));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Looks what there is. Keeps the context class loader of the caller, for all threads.
	 * @return {@code null} if this JDK has no virtual threads
	 */
	public static @Nullable VirtualThreads find() {
		if (Runtime.version().feature() < 21) {
			return null;
		}
		try {
			return new VirtualThreads(Thread.currentThread().getContextClassLoader());
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Returns whether there may be a scheduler of one's own.
	 */
	public boolean takeScheduler() {
		return this.setScheduler != null;
	}

	/**
	 * Returns whether the JDK's own scheduler is left alone by threads that wait for
	 * monitors. Before, each kept one of its few threads.
	 */
	public boolean leaveMonitors() {
		return Runtime.version().feature() >= NEVER_PINNED_BY_MONITORS;
	}

	/**
	 * Makes a thread that inherits nothing.
	 * @param scheduler what runs it, or {@code null} for the JDK's own
	 * @return a thread that has not started
	 */
	public Thread newThread(String name, Runnable body, @Nullable Executor scheduler) {
		try {
			Object builder = this.ofVirtual.invokeExact();
			builder = this.inherit.invokeExact(builder, false);
			builder = this.name.invokeExact(builder, name);
			if (scheduler != null && this.setScheduler != null) {
				this.setScheduler.invokeExact(builder, scheduler);
			}
			Thread thread = (Thread) this.unstarted.invokeExact(builder, body);
			thread.setContextClassLoader(this.classLoader);
			return thread;
		}
		catch (Throwable ex) {
			Failures.rethrow(ex);
			throw new IllegalStateException("No virtual thread could be made", ex);
		}
	}

}
