package dev.loopline.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What runs the tasks of a benchmark.
 */
public enum Rival {

	/** Loopline's runtime. */
	RUNTIME {
		@Override
		Subject start(int threads) {
			return new RuntimeSubject(threads);
		}
	},

	/** The same, whose workers look around before they sleep. */
	RUNTIME_SPIN {
		@Override
		Subject start(int threads) {
			return new RuntimeSubject(threads, Duration.ofNanos(100_000));
		}
	},

	/** The pool of the JDK, first in first out. Its tasks have no handles. */
	FORK_JOIN {
		@Override
		Subject start(int threads) {
			ForkJoinPool pool = newPool(threads);
			return new ExecutorSubject(pool, pool::shutdownNow);
		}
	},

	/** The same pool with what comes closest to a handle, a stage for each task. */
	FORK_JOIN_STAGE {
		@Override
		Subject start(int threads) {
			ForkJoinPool pool = newPool(threads);
			return new ExecutorSubject(pool, pool::shutdownNow) {

				@Override
				public void spawn(Runnable task) {
					CompletableFuture<Void> unused = CompletableFuture.runAsync(task, pool);
				}

			};
		}
	},

	/** Reactor's parallel scheduler. */
	REACTOR {
		@Override
		Subject start(int threads) {
			Scheduler scheduler = Schedulers.newParallel("rival", threads);
			return new ExecutorSubject(scheduler::schedule, scheduler::dispose);
		}
	},

	/** A group of Netty event loops. */
	NETTY {
		@Override
		Subject start(int threads) {
			MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
			return new ExecutorSubject(group,
					() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
		}
	},

	/** A virtual thread per task, JDK 21 and later. */
	VIRTUAL {
		@Override
		Subject start(int threads) {
			try {
				ExecutorService threadPerTask = (ExecutorService) Executors.class
					.getMethod("newVirtualThreadPerTaskExecutor")
					.invoke(null);
				return new VirtualSubject(threadPerTask);
			}
			catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
				throw new IllegalStateException("Needs JDK 21", ex);
			}
		}
	};

	/** As many as the processors of the machine that the first figures are from. */
	static final int THREADS = 2;

	abstract Subject start(int threads);

	private static ForkJoinPool newPool(int threads) {
		return new ForkJoinPool(threads, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
	}

	/**
	 * Tasks on anything that executes.
	 */
	private static class ExecutorSubject implements Subject {

		private final Executor executor;

		private final Runnable end;

		ExecutorSubject(Executor executor, Runnable end) {
			this.executor = executor;
			this.end = end;
		}

		@Override
		public void spawn(Runnable task) {
			this.executor.execute(task);
		}

		@Override
		public void spawnSteps(int steps, Runnable last) {
			this.executor.execute(new Runnable() {

				private int left = steps;

				@Override
				public void run() {
					if (this.left-- > 0) {
						ExecutorSubject.this.executor.execute(this);
					}
					else {
						last.run();
					}
				}

			});
		}

		@Override
		public void spawnAwaiting(Supplier<CompletableFuture<?>> body, Runnable last) {
			this.executor.execute(() -> body.get().whenCompleteAsync((result, failure) -> last.run(), this.executor));
		}

		@Override
		public void spawnAsking(int times, Supplier<CompletableFuture<?>> ask, Runnable last) {
			this.executor.execute(new Runnable() {

				private int left = times;

				@Override
				public void run() {
					if (this.left-- > 0) {
						ask.get().whenCompleteAsync((result, failure) -> run(), ExecutorSubject.this.executor);
					}
					else {
						last.run();
					}
				}

			});
		}

		@Override
		public void close() {
			this.end.run();
		}

	}

	/**
	 * Tasks that may block.
	 */
	private static final class VirtualSubject extends ExecutorSubject {

		private final ExecutorService executor;

		VirtualSubject(ExecutorService executor) {
			super(executor, executor::shutdownNow);
			this.executor = executor;
		}

		@Override
		public void spawnSteps(int steps, Runnable last) {
			this.executor.execute(() -> {
				for (int i = 0; i < steps; i++) {
					Thread.yield();
				}
				last.run();
			});
		}

		@Override
		public void spawnAwaiting(Supplier<CompletableFuture<?>> body, Runnable last) {
			this.executor.execute(() -> {
				body.get().join();
				last.run();
			});
		}

		@Override
		public void spawnAsking(int times, Supplier<CompletableFuture<?>> ask, Runnable last) {
			this.executor.execute(() -> {
				for (int i = 0; i < times; i++) {
					ask.get().join();
				}
				last.run();
			});
		}

	}

}
