package dev.loopline.autoconfigure.stock;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One connection that sends what it is told to, and tells what comes back.
 */
final class Http1Client implements AutoCloseable {

	/** Bodies with more parts are not cut the same every time. */
	private static final int MAX_CHUNKS = 12;

	private final Conversation conversation;

	private final Socket socket;

	private final InputStream in;

	private boolean ended;

	Http1Client(Conversation conversation) throws IOException {
		this.conversation = conversation;
		this.socket = new Socket("127.0.0.1", conversation.port());
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(conversation.patienceMillis());
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	int port() {
		return this.socket.getLocalPort();
	}

	Http1Client get(String path, String... headers) {
		return send(head("GET", path, headers));
	}

	Http1Client post(String path, String body, String... headers) {
		return send(head("POST", path, with(headers, "content-length: " + body.length())) + body);
	}

	static String[] with(String[] headers, String header) {
		String[] all = new String[headers.length + 1];
		System.arraycopy(headers, 0, all, 0, headers.length);
		all[headers.length] = header;
		return all;
	}

	String head(String method, String path, String... headers) {
		StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: localhost\r\n");
		head.append(Journal.ID + ": " + this.conversation.id() + "\r\n");
		for (String header : headers) {
			head.append(header).append("\r\n");
		}
		return head.append("\r\n").toString();
	}

	Http1Client send(String text) {
		return send(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** A connection that has ended shows that when it is read from. */
	Http1Client send(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
			this.socket.getOutputStream().flush();
		}
		catch (IOException ex) {
			// See above.
		}
		return this;
	}

	/** Sends a part of a chunked body. */
	Http1Client chunk(String text) {
		return send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
	}

	Http1Client finish() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	/** Ends without a word, as a process does that is killed. */
	void abort() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	/** Uses the connection for one more request. */
	Http1Client next() throws IOException {
		if (this.ended) {
			return this;
		}
		return get("/next", Journal.PART + ": next").response();
	}

	Http1Client response() throws IOException {
		return response(false);
	}

	/**
	 * Reads one response, and those without a body that come before it.
	 * @param head whether it has no body, as it answers HEAD
	 */
	Http1Client response(boolean head) throws IOException {
		if (this.ended) {
			return this;
		}
		try {
			while (true) {
				String status = line();
				if (status.isEmpty()) {
					status = "(empty line)";
				}
				List<String> headers = new ArrayList<>();
				for (String line = line(); !line.isEmpty(); line = line()) {
					headers.add(line);
				}
				this.conversation.saw(status);
				headers.stream().filter((line) -> !line.startsWith("date:")).forEach(this.conversation::saw);
				if (status.startsWith("HTTP/1.1 100") || status.startsWith("HTTP/1.1 101")) {
					if (status.startsWith("HTTP/1.1 101")) {
						return this;
					}
					continue;
				}
				if (!head && !status.contains(" 204 ") && !status.contains(" 304 ")) {
					body(headers);
				}
				return this;
			}
		}
		catch (SocketTimeoutException ex) {
			return end("silence");
		}
		catch (EOFException | SocketException ex) {
			// Which of the two depends on what was underway
			return end("closed");
		}
	}

	private Http1Client end(String how) {
		this.ended = true;
		this.conversation.saw(how);
		return this;
	}

	private void body(List<String> headers) throws IOException {
		for (String header : headers) {
			String lower = header.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				fixed(Integer.parseInt(lower.substring(15).trim()));
				return;
			}
			if (lower.equals("transfer-encoding: chunked")) {
				chunked();
				return;
			}
		}
		this.conversation.saw("body until the end: " + Conversation.describe(this.in.readAllBytes()));
		end("closed");
	}

	private void fixed(int length) throws IOException {
		byte[] body = this.in.readNBytes(length);
		if (body.length < length) {
			this.conversation.saw("body too short");
			throw new EOFException();
		}
		this.conversation.saw("body: " + Conversation.describe(body));
	}

	private void chunked() throws IOException {
		List<Integer> sizes = new ArrayList<>();
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		boolean whole = false;
		try {
			while (true) {
				int size = Integer.parseInt(line(), 16);
				if (size == 0) {
					break;
				}
				byte[] chunk = this.in.readNBytes(size);
				if (chunk.length < size) {
					throw new EOFException();
				}
				body.write(chunk);
				sizes.add(size);
				line();
			}
			whole = true;
		}
		finally {
			if (!whole) {
				// How much of it had arrived depends on the time
				this.conversation.saw("body without end");
			}
		}
		this.conversation.saw("body: " + Conversation.describe(body.toByteArray()));
		this.conversation.saw((sizes.size() <= MAX_CHUNKS) ? "chunks " + sizes : "many chunks");
		for (String line = line(); !line.isEmpty(); line = line()) {
			this.conversation.saw("trailer " + line);
		}
	}

	/** Reads some of a response. */
	Http1Client read(int bytes) throws IOException {
		this.conversation.saw("read " + this.in.readNBytes(bytes).length);
		return this;
	}

	/** Waits for the server to close the connection. */
	Http1Client end() throws IOException {
		if (this.ended) {
			return this;
		}
		try {
			byte[] rest = this.in.readAllBytes();
			if (rest.length > 0) {
				this.conversation.saw("rest: " + Conversation.describe(rest));
			}
			return end("closed");
		}
		catch (SocketTimeoutException ex) {
			return end("open");
		}
		catch (SocketException ex) {
			return end("closed");
		}
	}

	/** Reads one frame of a WebSocket. */
	Http1Client webSocketFrame() throws IOException {
		int first = this.in.read();
		int length = this.in.read();
		if (length < 0) {
			return end("closed");
		}
		this.conversation.saw("frame " + (first & 0xf) + ": " + Conversation.describe(this.in.readNBytes(length)));
		return this;
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = this.in.read(); c != '\n'; c = this.in.read()) {
			if (c < 0) {
				throw new EOFException();
			}
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
