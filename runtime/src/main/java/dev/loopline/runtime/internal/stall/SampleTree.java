package dev.loopline.runtime.internal.stall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.SampledFrame;

/**
 * Stacks of one culprit, merged. Guarded by the stalls.
 */
final class SampleTree {

	/*-
	 * The bound
	 * ---------
	 * Two trees of MAX_NODES: the one that grows, and the one before it, so that a view is of one to two WINDOWs, each of
	 * which begins at the end of the last, whenever somebody comes to see it. A node is
	 * some 80 bytes; 256 culprits could have 4 MB, if each were stuck at a hundred places. A stack that finds no room
	 * ends where the tree has no more: the shares of what is there stay right.
	 */

	static final long WINDOW_NANOS = 900_000_000_000L;

	/** Frames of one tree. */
	static final int MAX_NODES = 96;

	/** Frames of one stack, the innermost ones. */
	static final int MAX_DEPTH = 48;

	private Node old = new Node("", false);

	private Node current = new Node("", false);

	private int nodes;

	private long started;

	SampleTree(long now) {
		this.started = now;
	}

	/**
	 * Adds a stack.
	 * @param stack the innermost frame first
	 * @param place the frame to blame, where the stack begins that has none of the
	 * application
	 * @param application the application's frames
	 */
	void add(List<StackTraceElement> stack, StackTraceElement place, Collection<StackTraceElement> application,
			long now) {
		turn(now);
		Node node = this.current;
		node.samples++;
		for (int i = outermost(stack, place, application); i >= 0; i--) {
			StackTraceElement frame = stack.get(i);
			String method = frame.getClassName() + "." + frame.getMethodName();
			Node callee = node.callee(method);
			if (callee == null) {
				if (this.nodes == MAX_NODES) {
					return;
				}
				callee = new Node(method, application.contains(frame));
				node.callees.add(callee);
				this.nodes++;
			}
			callee.samples++;
			node = callee;
		}
	}

	/**
	 * Returns where the application begins: what called it is the same for everybody.
	 */
	private static int outermost(List<StackTraceElement> stack, StackTraceElement place,
			Collection<StackTraceElement> application) {
		int at = stack.size() - 1;
		while (at >= 0 && !application.contains(stack.get(at))) {
			at--;
		}
		return Math.min((at >= 0) ? at : stack.indexOf(place), MAX_DEPTH - 1);
	}

	private void turn(long now) {
		if (now - this.started < WINDOW_NANOS) {
			return;
		}
		boolean next = now - this.started < 2 * WINDOW_NANOS;
		this.old = next ? this.current : new Node("", false);
		this.current = new Node("", false);
		this.nodes = 0;
		this.started = next ? this.started + WINDOW_NANOS : now;
	}

	/**
	 * Copies what there is, for a view that takes longer to make.
	 * @return makes the view, guarded by nothing; its outermost frame stands for all
	 */
	Supplier<SampledFrame> copy(long now) {
		turn(now);
		// The old one grows no more.
		List<Node> trees = List.of(this.old, this.current.copy());
		return () -> view("", false, trees);
	}

	private static SampledFrame view(String method, boolean application, List<Node> same) {
		List<String> methods = same.stream()
			.flatMap((node) -> node.callees.stream())
			.map((node) -> node.method)
			.distinct()
			.toList();
		List<SampledFrame> callees = new ArrayList<>();
		for (String each : methods) {
			List<Node> nodes = new ArrayList<>();
			for (Node node : same) {
				Node callee = node.callee(each);
				if (callee != null) {
					nodes.add(callee);
				}
			}
			callees.add(view(each, nodes.get(0).application, nodes));
		}
		callees.sort(Comparator.comparingLong(SampledFrame::samples).reversed());
		return new SampledFrame(method, application, same.stream().mapToLong((node) -> node.samples).sum(), callees);
	}

	private static final class Node {

		private final String method;

		private final boolean application;

		private final List<Node> callees = new ArrayList<>(1);

		private long samples;

		Node(String method, boolean application) {
			this.method = method;
			this.application = application;
		}

		Node copy() {
			Node copy = new Node(this.method, this.application);
			copy.samples = this.samples;
			this.callees.forEach((callee) -> copy.callees.add(callee.copy()));
			return copy;
		}

		@Nullable Node callee(String method) {
			for (Node each : this.callees) {
				if (each.method.equals(method)) {
					return each;
				}
			}
			return null;
		}

	}

}
