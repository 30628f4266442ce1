package dev.loopline.runtime.netty;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

import io.netty.channel.nio.NioIoOps;

/**
 * A selection key as its channel should see it: Netty's NIO channels compute their next
 * interest from the key's, which is zero while the channel is muted.
 */
final class WantedKey extends SelectionKey {

	private final NioStrandIoHandle handle;

	WantedKey(NioStrandIoHandle handle) {
		this.handle = handle;
	}

	@Override
	public int interestOps() {
		return this.handle.wanted();
	}

	@Override
	public SelectionKey interestOps(int ops) {
		this.handle.submit(NioIoOps.valueOf(ops));
		return this;
	}

	@Override
	public SelectableChannel channel() {
		return this.handle.selectableChannel();
	}

	@Override
	public Selector selector() {
		return this.handle.selectionKey().selector();
	}

	@Override
	public boolean isValid() {
		return this.handle.isValid();
	}

	@Override
	public void cancel() {
		this.handle.cancel();
	}

	@Override
	public int readyOps() {
		return this.handle.selectionKey().readyOps();
	}

}
