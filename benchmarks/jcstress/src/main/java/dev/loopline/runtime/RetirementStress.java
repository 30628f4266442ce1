package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Handoff, the way back: a thread that lost its worker asks for it while the stand-in
 * goes to sleep.
 */
@JCStressTest
@Outcome(id = { "1, 0, 0", "1, 0, 1" }, expect = Expect.ACCEPTABLE, desc = "The stand-in sees the heir")
@Outcome(id = { "0, 0, 0", "0, 0, 1" }, expect = Expect.ACCEPTABLE, desc = "It does not block and looks again")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "It blocked and was woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "The heir waits for a stand-in that sleeps")
@State
public class RetirementStress {

	private static final TaskRuntime RUNTIME = InertRuntime.start();

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	private final WorkerThread loser = new WorkerThread(RUNTIME.scheduler(), this.worker, false, 1);

	@Actor
	public void askBack() {
		this.worker.askBack(this.loser);
	}

	@Actor
	public void standIn(III_Result result) {
		this.worker.silenceDoorbell();
		if (this.worker.heir != null) {
			result.r1 = 1;
		}
		else {
			this.worker.pollBlocking();
		}
	}

	@Arbiter
	public void rest(III_Result result) {
		InertDriver driver = (InertDriver) this.worker.driver;
		result.r2 = driver.slept ? 1 : 0;
		result.r3 = driver.woken ? 1 : 0;
	}

}
