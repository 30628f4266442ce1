package dev.loopline.autoconfigure.drill;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection, in the plainest way: nothing of it is worth being compiled. For one
 * thread.
 */
final class DrillClient implements Closeable {

	private static final int PATIENCE_MILLIS = 2_000;

	private static final String LENGTH = "content-length:";

	private final Socket socket = new Socket();

	private InputStream input = InputStream.nullInputStream();

	DrillClient(InetSocketAddress address) throws IOException {
		try {
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(PATIENCE_MILLIS);
			this.socket.connect(address, PATIENCE_MILLIS);
			this.input = new BufferedInputStream(this.socket.getInputStream());
		}
		catch (IOException ex) {
			close();
			throw ex;
		}
	}

	void ask(String path) throws IOException {
		String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
		this.socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Reads an answer to its end.
	 * @return its status
	 */
	int readAnswer() throws IOException {
		String status = readLine();
		int length = 0;
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
				length = Integer.parseInt(line.substring(LENGTH.length()).trim());
			}
		}
		this.input.skipNBytes(length);
		return Integer.parseInt(status.split(" ", 3)[1]);
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = this.input.read(); c != '\n'; c = this.input.read()) {
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
