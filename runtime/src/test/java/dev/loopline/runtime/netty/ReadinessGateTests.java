package dev.loopline.runtime.netty;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link ReadinessGate} tells the kernel.
 */
class ReadinessGateTests {

	private static final int READ = 1;

	private static final int WRITE = 2;

	private final KernelLog gate = new KernelLog();

	@Test
	void readThatIsWantedAgainCostsNoCall() {
		this.gate.want(READ);
		this.gate.want(0);
		this.gate.want(READ);
		assertThat(this.gate.calls).containsExactly(READ);
		this.gate.event(READ);
		this.gate.serve();
		assertThat(this.gate.delivered).containsExactly(READ);
	}

	@Test
	void kernelLearnsThatNobodyReadsWhenSomethingComes() {
		this.gate.want(READ);
		this.gate.want(0);
		this.gate.event(READ);
		this.gate.serve();
		assertThat(this.gate.delivered).isEmpty();
		assertThat(this.gate.calls).containsExactly(READ, 0);
		this.gate.want(READ);
		assertThat(this.gate.calls).containsExactly(READ, 0, READ);
	}

	@Test
	void otherEventsAreDeliveredBesideOneThatIsNotWanted() {
		this.gate.want(READ | WRITE);
		this.gate.want(WRITE);
		this.gate.event(READ | WRITE);
		this.gate.serve();
		assertThat(this.gate.delivered).containsExactly(WRITE);
		assertThat(this.gate.calls).containsExactly(READ | WRITE, WRITE);
	}

	/** A socket is nearly always ready for it. */
	@Test
	void kernelLearnsAtOnceThatNobodyWrites() {
		this.gate.want(READ | WRITE);
		this.gate.want(READ);
		assertThat(this.gate.calls).containsExactly(READ | WRITE, READ);
	}

	@Test
	void widerInterestBringsTheRestUpToDate() {
		this.gate.want(READ);
		this.gate.want(0);
		this.gate.want(WRITE);
		assertThat(this.gate.calls).containsExactly(READ, WRITE);
	}

	@Test
	void unmutedGateHasTheInterestOfNow() {
		this.gate.want(READ);
		this.gate.event(READ);
		this.gate.event(READ);
		this.gate.want(0);
		this.gate.serve();
		assertThat(this.gate.calls).containsExactly(READ, KernelLog.MUTE, 0);
		this.gate.want(READ);
		assertThat(this.gate.calls).containsExactly(READ, KernelLog.MUTE, 0, READ);
	}

	/**
	 * Writes down what it is told, before a strand that is always busy.
	 */
	private static final class KernelLog extends ReadinessGate {

		static final int MUTE = -1;

		private final List<Integer> calls = new ArrayList<>();

		private final List<Integer> delivered = new ArrayList<>();

		@Override
		int unmaskable() {
			return 0;
		}

		@Override
		int reads() {
			return READ;
		}

		@Override
		void enqueue() {
		}

		@Override
		boolean isBusy() {
			return true;
		}

		@Override
		void deliver(int events) {
			this.delivered.add(events);
		}

		@Override
		void applyInterest(int interest) {
			this.calls.add(interest);
		}

		@Override
		void applyMute() {
			this.calls.add(MUTE);
		}

	}

}
