package dev.loopline.autoconfigure.stock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * What the server's side saw of one {@link Exchange}, in the order of its occurrence. Its
 * requests carry the number of the journal. Safe for use by many threads.
 */
final class Journal {

	/** The header with the number of the journal. */
	static final String ID = "x-id";

	private static final String PART_ENDS = ": ";

	/** The header that tells requests of one exchange apart. */
	static final String PART = "x-part";

	/** What a cancelled source notes, whether it has completed or not. */
	static final String CANCELLED = "source cancelled";

	private static final String NEXT = "next: ";

	private static final int HELD = 1_000;

	private static volatile boolean holding = true;

	private static final AtomicInteger sequence = new AtomicInteger(100_000);

	private static final Map<String, Journal> journals = new ConcurrentHashMap<>();

	private final String id = String.valueOf(sequence.incrementAndGet());

	private final List<String> lines = new ArrayList<>();

	private final Map<ByteBuf, Boolean> held = new IdentityHashMap<>();

	private int open;

	static Journal begin() {
		Journal journal = new Journal();
		journals.put(journal.id, journal);
		return journal;
	}

	static Journal of(ServerHttpRequest request) {
		String id = request.getHeaders().getFirst(ID);
		Journal journal = (id != null) ? journals.get(id) : null;
		// Of a request that is no part of an exchange
		return (journal != null) ? journal : new Journal();
	}

	static void note(ServerWebExchange exchange, String line) {
		note(exchange.getRequest(), line);
	}

	static void note(ServerHttpRequest request, String line) {
		of(request).add(request, line);
	}

	private synchronized void add(ServerHttpRequest request, String line) {
		String part = request.getHeaders().getFirst(PART);
		this.lines.add((part != null) ? part + PART_ENDS + line : line);
		notifyAll();
	}

	void opened(ServerHttpRequest request) {
		synchronized (this) {
			this.open++;
		}
		add(request, "begins");
	}

	void ended(ServerHttpRequest request, String how) {
		add(request, "ends: " + how);
		synchronized (this) {
			this.open--;
		}
	}

	/**
	 * Holds on to the memory of a buffer, so that its count can be read later.
	 */
	synchronized void hold(DataBuffer buffer) {
		if (!holding) {
			return;
		}
		ByteBuf root = ((NettyDataBuffer) buffer).getNativeBuffer();
		while (root.unwrap() != null) {
			root = root.unwrap();
		}
		if (this.held.put(root, true) == null) {
			root.retain(HELD);
		}
	}

	/**
	 * Lets journals hold buffers, or not: a leak detector does not see those that are
	 * released by their memory.
	 */
	static void setHolding(boolean holding) {
		Journal.holding = holding;
	}

	/**
	 * Returns the references of others to everything that any of these holds.
	 */
	static List<Integer> references(Collection<Journal> journals) {
		Map<ByteBuf, Integer> holders = new IdentityHashMap<>();
		for (Journal journal : journals) {
			synchronized (journal) {
				journal.held.keySet().forEach((buffer) -> holders.merge(buffer, 1, Integer::sum));
			}
		}
		List<Integer> references = new ArrayList<>();
		holders.forEach((buffer, holding) -> references.add(buffer.refCnt() - holding * HELD));
		return references;
	}

	/**
	 * Returns what to sort lines by whose order does not matter: by their requests, and
	 * what happens beside them comes last.
	 */
	static String partOf(String line) {
		int end = line.indexOf(PART_ENDS);
		String part = (end == 1 || line.startsWith(NEXT)) ? line.substring(0, end) : "";
		return part + (line.endsWith(CANCELLED) ? "~" : "");
	}

	String id() {
		return this.id;
	}

	synchronized boolean has(String line) {
		return this.lines.contains(line);
	}

	synchronized boolean isOpen() {
		return this.open > 0;
	}

	synchronized List<String> lines() {
		List<String> all = new ArrayList<>(this.lines);
		if (!this.held.isEmpty()) {
			// How many they are depends on how the body was cut
			boolean tooFew = this.held.keySet().stream().anyMatch((buffer) -> buffer.refCnt() < HELD);
			boolean tooMany = this.held.keySet().stream().anyMatch((buffer) -> buffer.refCnt() > HELD);
			all.add("~" + PART_ENDS + "buffers " + (tooFew ? "released twice " : "") + (tooMany ? "kept" : ""));
		}
		return all;
	}

	/**
	 * Waits until a line is there.
	 */
	boolean await(String line, long millis) throws InterruptedException {
		return await(() -> has(line), millis);
	}

	synchronized boolean await(BooleanSupplier condition, long millis) throws InterruptedException {
		long end = System.nanoTime() + millis * 1_000_000;
		while (!condition.getAsBoolean()) {
			long left = (end - System.nanoTime()) / 1_000_000;
			if (left <= 0) {
				return false;
			}
			// Counts change without a notice
			wait(Math.min(left, 10));
		}
		return true;
	}

	void close() {
		journals.remove(this.id);
		synchronized (this) {
			this.held.keySet().forEach((buffer) -> {
				if (buffer.refCnt() >= HELD) {
					buffer.release(HELD);
				}
			});
			this.held.clear();
		}
	}

}
