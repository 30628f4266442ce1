package dev.loopline.runtime;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;

/**
 * Lists strands, says what they work for and measures what they cost. For whoever gives
 * strands their work, such as a server. Safe for use by many threads.
 */
public final class StrandInstrumentation {

	private StrandInstrumentation() {
	}

	/**
	 * Says what a strand is working for from now on, for the report of a stall. Costs a
	 * field write.
	 * @param strand the strand
	 * @param context the context, or {@code null} for nothing
	 */
	public static void setContext(Strand strand, @Nullable WorkContext context) {
		Objects.requireNonNull(strand, "strand");
		strand.setContext(context);
	}

	/**
	 * Returns what a strand is working for.
	 * @param strand the strand
	 * @return what was set last, or {@code null}
	 */
	public static @Nullable WorkContext context(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return strand.context();
	}

	/**
	 * Lets a strand begin other work, as that of a connection does which serves one
	 * request after the other. Only within a poll of the strand.
	 * @param strand the strand
	 * @param context what it works for from now on, or {@code null} for nothing
	 * @param expected how its polls are expected to go and which route they are of, from
	 * the next one on, which comes soon if they belong elsewhere
	 * @throws IllegalStateException if the caller does not run the strand
	 */
	public static void beginWork(Strand strand, @Nullable WorkContext context, StrandOptions expected) {
		Objects.requireNonNull(strand, "strand");
		Objects.requireNonNull(expected, "expected");
		strand.beginWork(context, expected);
	}

	/**
	 * Lists a strand among those that are alive, or changes how it is listed. It leaves
	 * the list by itself when nobody refers to it any more.
	 * @param strand the strand
	 * @param kind what it is for
	 * @param label an object whose text is what it is called; it is kept and asked when
	 * somebody looks, from any thread
	 */
	public static void enlist(Strand strand, StrandKind kind, @Nullable Object label) {
		Objects.requireNonNull(strand, "strand");
		strand.enlist(Objects.requireNonNull(kind, "kind"), label);
	}

	/**
	 * Takes a strand off the list of those that are alive, if it is listed with the given
	 * label. It works on.
	 * @param strand the strand
	 * @param label the label
	 */
	public static void delist(Strand strand, @Nullable Object label) {
		Objects.requireNonNull(strand, "strand");
		strand.delist(label);
	}

	/**
	 * Makes a strand wait its turn from now on when it is woken, where it would run next:
	 * for a strand to which many others hand their results, which is woken by the first
	 * of them and serves the rest in the same poll.
	 * @param strand the strand
	 */
	public static void gather(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		strand.startGathering();
	}

	/**
	 * Says that a strand, which has no work yet, goes on with what the calling strand has
	 * begun: how long that one waited for its running poll counts for this one, too.
	 * @param strand the strand that goes on
	 * @param caller the calling strand
	 */
	public static void continueFrom(Strand strand, Strand caller) {
		Objects.requireNonNull(strand, "strand");
		Objects.requireNonNull(caller, "caller");
		strand.waitedBefore(caller.waitedNanos());
	}

	/**
	 * Starts to measure what a strand costs. Ends a measurement that is under way. Only
	 * within a poll of the strand.
	 * @param strand the strand
	 * @return stops the measurement
	 * @throws IllegalStateException if the caller does not run the strand
	 */
	public static StrandStopwatch measure(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return strand.measure();
	}

	/**
	 * Returns whether a strand stalled a worker in the running or last poll, or has run
	 * beside the workers since.
	 * @param strand the strand
	 * @return a snapshot
	 */
	public static boolean isSlow(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return !strand.isFast();
	}

	/**
	 * Says that nothing is left of the work of a strand that was expected to stall, as
	 * nobody waits for it any more: no thread beside the workers is needed for the rest,
	 * and if the strand waits for one it runs on a worker now.
	 * @param strand the strand
	 */
	public static void withdraw(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		strand.withdraw();
	}

	/**
	 * Returns how many strands of the same route wait for a thread beside the workers.
	 * @param strand the strand
	 * @return the number, without those that are on their way there
	 */
	public static int waitingAlike(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return strand.waitingAlike();
	}

	/**
	 * Returns whether a strand has kept a thread for too long, on a worker or beside,
	 * since it began what it works for. Exact within the strand, a hint for others.
	 * @param strand the strand
	 * @return {@code true} if a poll stalled, the running one included; {@code false} if
	 * each ended in time, or was only kept from the processor; {@code null} if one took
	 * long and nobody has seen why
	 */
	public static @Nullable Boolean hasStalled(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return strand.hasStalled();
	}

	/**
	 * Returns in how many polls a strand has lost its worker, as it kept it for too long.
	 * The running poll counts as soon as {@link #isSlow} says so; one beside the workers
	 * has none to lose.
	 * @param strand the strand
	 * @param kind what the thread did at that moment
	 * @return the number
	 */
	public static int handoffs(Strand strand, Stall.Kind kind) {
		Objects.requireNonNull(strand, "strand");
		return strand.handoffs(Objects.requireNonNull(kind, "kind"));
	}

}
