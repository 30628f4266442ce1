package dev.loopline.runtime.internal.stall;

import jdk.jfr.FlightRecorder;

/**
 * Whether the JVM has a flight recorder, and it is on.
 */
final class FlightRecording {

	/** A trimmed JVM may lack the module. */
	private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

	private FlightRecording() {
	}

	static boolean isOn() {
		return AVAILABLE && FlightRecorder.isInitialized();
	}

}
