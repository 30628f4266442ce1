package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.Locale;

import dev.loopline.runtime.HistogramSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.WorkerSnapshot;

/**
 * A runtime as text for terminals.
 */
final class RuntimeText {

	private final StringBuilder text = new StringBuilder();

	private RuntimeText() {
	}

	static String of(RuntimeSnapshot runtime) {
		RuntimeText text = new RuntimeText();
		text.line("%s, up %s, %d workers (%d parked, %d searching) on %d processors, global queue %d",
				RuntimeDescriptor.lowerCase(runtime.flavour()), duration(runtime.uptime()), runtime.workers().size(),
				runtime.scheduling().parkedWorkers(), runtime.scheduling().searchingWorkers(),
				runtime.scheduling().processors(), runtime.scheduling().injectorDepth());
		text.line(
				"stalls %s, handoffs %d, exhaustions %d, lane %d waiting of %d admitted, blocking threads %d (%d idle), %d jobs waiting",
				runtime.stalls().counts(), runtime.handoffs().count(), runtime.handoffs().exhaustions(),
				runtime.lane().depth(), runtime.lane().admissions(), runtime.blocking().threads(),
				runtime.blocking().idleThreads(), runtime.blocking().queueDepth());
		runtime.strands().live().forEach((kind, count) -> {
			if (count > 0) {
				text.line("strands: %s %d", RuntimeDescriptor.lowerCase(kind), count);
			}
		});
		text.line("");
		text.line("%-18s %10s %9s %9s %9s %9s", "", "count", "mean", "p50", "p99", "p99.9");
		text.histogram("schedule latency", runtime.scheduleLatency());
		text.histogram("poll time", runtime.pollTime());
		text.histogram("lane poll time", runtime.lane().pollTime());
		text.line("");
		text.line("%-6s %-18s %6s %9s %10s %9s %9s %6s %8s %8s", "worker", "thread", "busy", "running", "polls",
				"parks", "steals", "queue", "timers", "channels");
		for (WorkerSnapshot worker : runtime.workers()) {
			text.worker(worker, runtime.uptime());
		}
		return text.text.toString();
	}

	private void histogram(String name, HistogramSnapshot histogram) {
		long count = histogram.count();
		Duration mean = (count > 0) ? histogram.total().dividedBy(count) : Duration.ZERO;
		line("%-18s %10d %9s %9s %9s %9s", name, count, duration(mean), duration(histogram.percentile(0.5)),
				duration(histogram.percentile(0.99)), duration(histogram.percentile(0.999)));
	}

	private void worker(WorkerSnapshot worker, Duration uptime) {
		line("%-6d %-18s %5.1f%% %9s %10d %9d %9d %6d %8d %8d", worker.index(), worker.thread(),
				100.0 * worker.busy().toNanos() / Math.max(1, uptime.toNanos()), duration(worker.runningFor()),
				worker.polls().count(), worker.search().parks(), worker.search().steals(), worker.queue().depth(),
				worker.io().timersArmed(), worker.io().driver().registered());
	}

	private void line(String format, Object... values) {
		this.text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
	}

	/**
	 * Writes a duration in the unit that suits it.
	 */
	static String duration(Duration duration) {
		double nanos = duration.toNanos();
		if (nanos < 1e6) {
			return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
		}
		return (nanos < 1e9) ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
				: String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
	}

}
