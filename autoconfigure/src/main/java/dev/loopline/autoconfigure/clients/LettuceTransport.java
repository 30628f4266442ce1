package dev.loopline.autoconfigure.clients;

import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.IOUringProvider;
import io.lettuce.core.resource.KqueueProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.netty.Transport;

/**
 * Finds out whether Lettuce makes channels of the runtime's transport: it has its own
 * choice, and event loops refuse channels of another one.
 */
final class LettuceTransport {

	private static final Logger logger = LoggerFactory.getLogger(LettuceTransport.class);

	private LettuceTransport() {
	}

	static boolean isUsable(Transport transport) {
		Transport lettuces = choice();
		if (lettuces == transport.resolve()) {
			return true;
		}
		logger.info("Lettuce's connections stay on event loops of its own, as they do not use the {} transport. Set "
				+ "loopline.netty.transport, or the system properties io.lettuce.core.epoll and "
				+ "io.lettuce.core.iouring", transport);
		return false;
	}

	/**
	 * Returns what Lettuce would choose, in its order.
	 * @return {@link Transport#AUTO} for one that the runtime does not have
	 */
	private static Transport choice() {
		if (EpollProvider.isAvailable()) {
			return Transport.EPOLL;
		}
		if (KqueueProvider.isAvailable()) {
			return Transport.AUTO;
		}
		return IOUringProvider.isAvailable() ? Transport.IO_URING : Transport.NIO;
	}

}
