package dev.loopline.runtime.internal.stall;

import java.util.stream.Collectors;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.Stall;

/**
 * A {@link Stall} in a flight recording. Its fields are read by the recorder.
 */
@Name("dev.loopline.Stall")
@Label("Stall")
@Category("Loopline")
@Description("A handler kept its thread for longer than the stall threshold")
@StackTrace(false)
@SuppressWarnings("UnusedVariable")
final class StallEvent extends Event {

	@Label("Kind")
	private final String kind;

	@Label("Stalled Thread")
	private final String stalledThread;

	@Label("Connection")
	private final @Nullable String connection;

	@Label("Route")
	private final @Nullable String route;

	@Label("Handler")
	private final @Nullable String handler;

	@Label("Task")
	@Description("The name of the task, if it is one that has a name")
	private final @Nullable String task;

	@Label("Stall Start")
	@Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
	private final long stallStart;

	@Label("Stall Duration")
	@Timespan(Timespan.NANOSECONDS)
	private final long stallDuration;

	@Label("Still Running")
	private final boolean running;

	@Label("Culprit")
	@Description("The application's frame at the top of the stack")
	private final @Nullable String culprit;

	@Label("Stack")
	private final String stack;

	private StallEvent(Stall stall) {
		this.kind = stall.kind().name();
		this.stalledThread = stall.thread();
		this.connection = stall.work().connection();
		this.route = stall.work().route();
		this.handler = stall.work().handler();
		this.task = stall.work().task();
		this.stallStart = stall.start().toEpochMilli();
		this.stallDuration = stall.duration().toNanos();
		this.running = stall.running();
		this.culprit = (stall.culprit() != null) ? stall.culprit().toString() : null;
		this.stack = stall.stack().stream().map(StackTraceElement::toString).collect(Collectors.joining("\n"));
	}

	static void commit(Stall stall) {
		new StallEvent(stall).commit();
	}

}
