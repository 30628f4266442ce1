package dev.loopline.runtime.internal.queue;

import java.util.concurrent.atomic.AtomicReference;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link InjectorReuseStress} whose consumers take the top of the stack
 * alone.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each node is in one place")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "A node was taken twice")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class InjectorReuseBroken {

	private final Node older = new Node();

	private final Node newer = new Node();

	private final AtomicReference<Node> top = new AtomicReference<>(this.newer);

	private Node taken;

	private Node kept;

	public InjectorReuseBroken() {
		this.newer.below = this.older;
	}

	@Actor
	public void take() {
		this.taken = pop();
	}

	@Actor
	public void takeAndReturn() {
		Node first = pop();
		this.kept = pop();
		if (first != null) {
			push(first);
		}
	}

	private void push(Node node) {
		do {
			node.below = this.top.get();
		}
		while (!this.top.compareAndSet(node.below, node));
	}

	private Node pop() {
		Node node;
		do {
			node = this.top.get();
		}
		while (node != null && !this.top.compareAndSet(node, node.below));
		return node;
	}

	@Arbiter
	public void rest(II_Result result) {
		int newer = count(this.newer);
		int older = count(this.older);
		result.r1 = ((newer == 0) ? 1 : 0) + ((older == 0) ? 1 : 0);
		result.r2 = ((newer > 1) ? 1 : 0) + ((older > 1) ? 1 : 0);
	}

	private int count(Node node) {
		int count = ((this.taken == node) ? 1 : 0) + ((this.kept == node) ? 1 : 0);
		for (Node left = this.top.get(); left != null; left = left.below) {
			count += (left == node) ? 1 : 0;
		}
		return count;
	}

	private static final class Node {

		private volatile Node below;

	}

}
