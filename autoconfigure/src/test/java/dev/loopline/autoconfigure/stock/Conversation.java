package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

/**
 * One run of an {@link Exchange} against one server.
 */
final class Conversation implements AutoCloseable {

	/** Longer than any server of these takes. */
	private static final int PATIENCE_MILLIS = 10_000;

	/** Nothing more comes from stock after such a silence. */
	private static final int QUIET_MILLIS = 60;

	private final Exchange exchange;

	private final int port;

	private final int patienceMillis;

	private final Journal journal = Journal.begin();

	private final List<String> seen = new ArrayList<>();

	private final List<AutoCloseable> clients = new ArrayList<>();

	private final List<Integer> clientPorts = new ArrayList<>();

	private Conversation(Exchange exchange, int port, int patienceMillis) {
		this.exchange = exchange;
		this.port = port;
		this.patienceMillis = patienceMillis;
	}

	/**
	 * Runs an exchange.
	 * @param expected what is waited for, or {@code null} to wait until nothing changes
	 * @param patience how long to wait for an answer, in percent of what is usual
	 */
	static Observation run(Exchange exchange, int port, @Nullable Observation expected, int patience)
			throws InterruptedException {
		Conversation conversation = new Conversation(exchange, port, PATIENCE_MILLIS * patience / 100);
		try {
			conversation.run();
			conversation.close();
			List<String> client = conversation.seen.stream().map(conversation::normal).toList();
			if (expected == null) {
				conversation.awaitQuiet();
			}
			else if (expected.client().equals(client) && (expected.isComplete() || !exchange.isFault())) {
				conversation.journal.await(() -> conversation.server().equals(expected.server()),
						conversation.patienceMillis);
			}
			return new Observation(client, conversation.server());
		}
		finally {
			conversation.journal.close();
		}
	}

	private void run() {
		try {
			this.exchange.script().run(this);
		}
		catch (Exception | AssertionError ex) {
			saw("fails: " + ex);
		}
	}

	private void awaitQuiet() throws InterruptedException {
		this.journal.await(() -> !this.journal.isOpen(), 1_000);
		boolean changed;
		do {
			List<String> before = server();
			changed = this.journal.await(() -> !before.equals(server()), QUIET_MILLIS);
		}
		while (changed);
	}

	private List<String> server() {
		List<String> lines = this.journal.lines().stream().map(this::normal).toList();
		if (this.exchange.ordered()) {
			return lines;
		}
		List<String> sorted = new ArrayList<>(lines);
		sorted.sort(Comparator.comparing(Journal::partOf));
		return sorted;
	}

	/**
	 * Replaces what is never the same.
	 */
	private String normal(String line) {
		String text = line.replace(this.journal.id(), "<id>").replace(":" + this.port, ":<server>");
		for (int clientPort : this.clientPorts) {
			text = text.replace(":" + clientPort, ":<client>");
		}
		return text;
	}

	void saw(String line) {
		this.seen.add(line);
	}

	/** A body in a line. */
	static String describe(byte[] body) {
		String text = new String(body, StandardCharsets.UTF_8);
		if (body.length <= 600 && text.chars().allMatch((c) -> c >= ' ' && c < 0xd800 || c == '\n' || c == '\r')) {
			return body.length + " bytes '" + text.replace("\r", "\\r").replace("\n", "\\n") + "'";
		}
		CRC32 sum = new CRC32();
		sum.update(body);
		return body.length + " bytes, sum " + sum.getValue();
	}

	/**
	 * Waits for the server's side to have seen something.
	 */
	void await(String line) throws InterruptedException {
		if (!this.journal.await(line, this.patienceMillis)) {
			saw("never seen: " + line);
		}
	}

	String id() {
		return this.journal.id();
	}

	int port() {
		return this.port;
	}

	int patienceMillis() {
		return this.patienceMillis;
	}

	Http1Client http1() throws IOException {
		Http1Client client = new Http1Client(this);
		this.clients.add(client);
		this.clientPorts.add(client.port());
		return client;
	}

	Http2Client http2() throws IOException {
		Http2Client client = new Http2Client(this);
		this.clients.add(client);
		this.clientPorts.add(client.port());
		return client;
	}

	@Override
	public void close() {
		for (AutoCloseable client : this.clients) {
			try {
				client.close();
			}
			catch (Exception ex) {
				saw("close fails: " + ex);
			}
		}
	}

}
