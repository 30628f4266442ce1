package dev.loopline.runtime.netty.testsuite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * The address, reserved for documentation, with which the suite tests failing connects.
 */
final class NoHost {

	private static final InetSocketAddress ADDRESS = new InetSocketAddress("198.51.100.254", 65535);

	private NoHost() {
	}

	/**
	 * Returns whether the network answers nevertheless, as that of some containers does.
	 */
	static boolean isReachable() {
		try (Socket socket = new Socket()) {
			socket.connect(ADDRESS, 500);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
