package dev.loopline.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Timers that are made and cancelled, which is what most of them are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public class TimerBenchmark {

	private RuntimeSubject subject;

	@Setup
	public void start() {
		this.subject = new RuntimeSubject(Rival.THREADS);
	}

	@TearDown
	public void end() {
		this.subject.close();
	}

	@Benchmark
	public Object timeoutOfWhatIsReady() {
		return this.subject.runtime.timeout(CompletableFuture.completedFuture(1), Duration.ofSeconds(1));
	}

	@Benchmark
	public Object timeoutOfWhatCompletes() {
		CompletableFuture<Integer> stage = new CompletableFuture<>();
		Object timeout = this.subject.runtime.timeout(stage, Duration.ofSeconds(1));
		stage.complete(1);
		return timeout;
	}

	@Benchmark
	public Object sleepThatIsAborted() {
		return this.subject.runtime.sleep(Duration.ofSeconds(1)).abort();
	}

}
