package dev.loopline.autoconfigure.web;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import io.netty.handler.codec.http2.Http2Error;

/**
 * One connection that sends frames of HTTP/2 as they are given, right or wrong.
 */
public final class RawHttp2Client implements AutoCloseable {

	public static final int END_STREAM = 0x1;

	static final int END_HEADERS = 0x4;

	private static final int DATA = 0x0;

	private static final int HEADERS = 0x1;

	private static final int RST_STREAM = 0x3;

	private static final int SETTINGS = 0x4;

	private static final int GOAWAY = 0x7;

	private final Socket socket;

	private final OutputStream output;

	private final DataInputStream input;

	public RawHttp2Client(int port) throws IOException {
		this.socket = new Socket("127.0.0.1", port);
		this.socket.setSoTimeout(20_000);
		this.socket.setTcpNoDelay(true);
		this.output = this.socket.getOutputStream();
		this.input = new DataInputStream(this.socket.getInputStream());
		this.output.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		send(SETTINGS, 0, 0);
	}

	/**
	 * Sends names and values, none of which is compressed.
	 */
	public void headers(int stream, int flags, String... fields) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < fields.length; i += 2) {
			block.write(0);
			for (int j = i; j < i + 2; j++) {
				block.write(fields[j].length());
				block.writeBytes(fields[j].getBytes(StandardCharsets.US_ASCII));
			}
		}
		send(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
	}

	public void data(int stream, int flags, String content) throws IOException {
		send(DATA, flags, stream, content.getBytes(StandardCharsets.US_ASCII));
	}

	public void reset(int stream, Http2Error error) throws IOException {
		send(RST_STREAM, 0, stream, new byte[] { 0, 0, 0, (byte) error.code() });
	}

	private void send(int type, int flags, int stream, byte... payload) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.writeBytes(new byte[] { 0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags,
				0, 0, 0, (byte) stream });
		frame.writeBytes(payload);
		this.output.write(frame.toByteArray());
		this.output.flush();
	}

	/**
	 * Reads until a stream has ended for the client, and returns what ended it.
	 */
	String end(int stream) throws IOException {
		try {
			while (true) {
				int length = this.input.readUnsignedByte() << 16 | this.input.readUnsignedShort();
				int type = this.input.readUnsignedByte();
				int flags = this.input.readUnsignedByte();
				int on = this.input.readInt();
				byte[] payload = this.input.readNBytes(length);
				if (type == GOAWAY) {
					return "GOAWAY " + payload[7];
				}
				if (on == stream && type == RST_STREAM) {
					return "RST_STREAM " + payload[3];
				}
				if (on == stream && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
					return "END_STREAM";
				}
			}
		}
		catch (EOFException ex) {
			return "EOF";
		}
	}

	/** Ends without a word, as a process does that is killed. */
	public void abort() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
