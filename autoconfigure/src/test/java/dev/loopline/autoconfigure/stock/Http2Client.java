package dev.loopline.autoconfigure.stock;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * One connection that speaks HTTP/2 in clear text, writes the frames that it is told to,
 * whether they are allowed or not, and tells what comes back for each stream.
 */
final class Http2Client implements AutoCloseable {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int RST_STREAM = 3;

	static final int SETTINGS = 4;

	static final int PING = 6;

	static final int GOAWAY = 7;

	static final int WINDOW_UPDATE = 8;

	private static final int CONTINUATION = 9;

	static final int END_STREAM = 1;

	static final int END_HEADERS = 4;

	private static final int ACK = 1;

	private static final int FRAME = 16_384;

	private final Conversation conversation;

	private final Socket socket;

	private final DataInputStream in;

	private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> false);

	private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

	private final Map<Integer, Stream> streams = new TreeMap<>();

	private final List<String> connectionLines = new ArrayList<>();

	private final ByteArrayOutputStream headerBlock = new ByteArrayOutputStream();

	private int headerFlags;

	private long window = 65_535;

	private long initialWindow = 65_535;

	private boolean ended;

	private boolean settled;

	private int pongs;

	private boolean updating = true;

	Http2Client(Conversation conversation) throws IOException {
		this.conversation = conversation;
		this.socket = new Socket("127.0.0.1", conversation.port());
		this.socket.setTcpNoDelay(true);
		this.in = new DataInputStream(this.socket.getInputStream());
	}

	/** Begins with settings, each of which is an identifier and a value. */
	Http2Client begin(int... settings) throws IOException {
		ByteBuf payload = Unpooled.buffer();
		for (int i = 0; i < settings.length; i += 2) {
			payload.writeShort(settings[i]).writeInt(settings[i + 1]);
		}
		write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		frame(SETTINGS, 0, 0, bytes(payload));
		readUntil(() -> this.settled);
		return this;
	}

	/** Leaves the windows of responses as they are. */
	Http2Client withoutUpdates() {
		this.updating = false;
		return this;
	}

	int port() {
		return this.socket.getLocalPort();
	}

	Http2Headers headers(String method, String path, String... more) {
		Http2Headers headers = new DefaultHttp2Headers(false).method(method)
			.scheme("http")
			.authority("localhost")
			.path(path);
		headers.add(Journal.ID, this.conversation.id());
		for (String header : more) {
			String[] nameAndValue = header.split(": ", 2);
			headers.add(nameAndValue[0], nameAndValue[1]);
		}
		return headers;
	}

	Http2Client get(int stream, String path, String... headers) throws IOException {
		return open(stream, headers("GET", path, headers), true);
	}

	Http2Client post(int stream, String path, String body, String... headers) throws IOException {
		String length = "content-length: " + body.length();
		open(stream, headers("POST", path, Http1Client.with(headers, length)), false);
		return data(stream, body, true);
	}

	Http2Client open(int stream, Http2Headers headers, boolean end) throws IOException {
		ByteBuf block = Unpooled.buffer();
		try {
			this.encoder.encodeHeaders(stream, headers, block);
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
		this.streams.computeIfAbsent(stream, (id) -> new Stream(this.initialWindow));
		frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, bytes(block));
		return this;
	}

	/** Sends a body as the windows allow. */
	Http2Client data(int id, String body, boolean end) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		Stream stream = this.streams.get(id);
		int sent = 0;
		do {
			int length = Math.min(FRAME, bytes.length - sent);
			if (!readUntil(() -> Math.min(this.window, stream.window) >= length || stream.ended)) {
				this.conversation.saw("no window for " + id);
				return this;
			}
			if (stream.ended) {
				return this;
			}
			this.window -= length;
			stream.window -= length;
			byte[] part = Arrays.copyOfRange(bytes, sent, sent + length);
			sent += length;
			frame(DATA, (end && sent == bytes.length) ? END_STREAM : 0, id, part);
		}
		while (sent < bytes.length);
		return this;
	}

	Http2Client reset(int stream, Http2Error error) throws IOException {
		return frame(RST_STREAM, 0, stream, bytes(Unpooled.buffer().writeInt((int) error.code())));
	}

	Http2Client update(int stream, int increment) throws IOException {
		return frame(WINDOW_UPDATE, 0, stream, bytes(Unpooled.buffer().writeInt(increment)));
	}

	Http2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteBuf frame = Unpooled.buffer();
		frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream).writeBytes(payload);
		write(bytes(frame));
		return this;
	}

	/** A connection that has ended shows that when it is read from. */
	void write(byte[] bytes) throws IOException {
		try {
			this.socket.getOutputStream().write(bytes);
		}
		catch (SocketException ex) {
			// See above.
		}
	}

	private static byte[] bytes(ByteBuf buffer) {
		byte[] bytes = new byte[buffer.readableBytes()];
		buffer.readBytes(bytes);
		return bytes;
	}

	/** Reads until streams have ended, and tells what they brought. */
	Http2Client response(int... ids) throws IOException {
		for (int id : ids) {
			Stream stream = this.streams.get(id);
			if (!readUntil(() -> stream.ended)) {
				stream.flush();
				stream.lines.add(this.ended ? "connection closed" : "silence");
			}
			stream.lines.forEach((line) -> this.conversation.saw(id + " " + line));
			stream.lines.clear();
		}
		return this;
	}

	/**
	 * Reads until a stream has ended that breaks the protocol. Whether the handler's
	 * answer to that is sooner than the reset depends on the time.
	 */
	Http2Client refusal(int id) throws IOException {
		Stream stream = this.streams.get(id);
		readUntil(() -> stream.ended);
		boolean refused = stream.lines.contains("RST_STREAM PROTOCOL_ERROR")
				|| stream.ended && stream.lines.contains(":status: 500");
		if (refused) {
			this.conversation.saw(id + " refused");
			stream.lines.clear();
			return this;
		}
		return response(id);
	}

	/** Reads until the stream has brought a number of bytes, and no more for a while. */
	Http2Client body(int id, int bytes) throws IOException {
		Stream stream = this.streams.get(id);
		readUntil(() -> stream.data.size() >= bytes || stream.ended);
		this.conversation.saw(id + " has " + stream.data.size());
		return this;
	}

	/** Waits for the server to take back a stream that is answered. */
	Http2Client resetOf(int id) throws IOException {
		Stream stream = this.streams.get(id);
		boolean reset = readUntil(() -> stream.reset, 500);
		this.conversation.saw(reset ? id + " is reset" : id + " is not reset");
		return this;
	}

	/** Uses the connection for one more request. */
	Http2Client next(int stream) throws IOException {
		return get(stream, "/next", Journal.PART + ": next").response(stream).told();
	}

	/** Tells what concerned the whole connection. */
	Http2Client told() {
		this.connectionLines.forEach(this.conversation::saw);
		this.connectionLines.clear();
		return this;
	}

	/** Waits for the server to close the connection. */
	Http2Client end() throws IOException {
		if (!this.ended && !readUntil(() -> this.ended)) {
			this.connectionLines.add("open");
		}
		return told();
	}

	Http2Client ping() throws IOException {
		int before = this.pongs;
		frame(PING, 0, 0, new byte[8]);
		readUntil(() -> this.pongs > before);
		return this;
	}

	private boolean readUntil(BooleanSupplier condition) throws IOException {
		return readUntil(condition, this.conversation.patienceMillis());
	}

	private boolean readUntil(BooleanSupplier condition, int millis) throws IOException {
		long end = System.nanoTime() + millis * 1_000_000L;
		try {
			while (!condition.getAsBoolean()) {
				long left = (end - System.nanoTime()) / 1_000_000;
				if (this.ended || left <= 0) {
					return false;
				}
				this.socket.setSoTimeout((int) left);
				int length = this.in.readUnsignedByte() << 16 | this.in.readUnsignedShort();
				read(this.in.readUnsignedByte(), this.in.readUnsignedByte(), this.in.readInt(),
						this.in.readNBytes(length));
			}
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			close("closed");
			return condition.getAsBoolean();
		}
	}

	private void close(String how) {
		if (!this.ended) {
			this.ended = true;
			this.connectionLines.add(how);
		}
	}

	private void read(int type, int flags, int id, byte[] bytes) throws IOException {
		ByteBuf payload = Unpooled.wrappedBuffer(bytes);
		Stream stream = this.streams.get(id);
		switch (type) {
			case DATA -> readData(id, flags, bytes);
			case HEADERS -> {
				this.headerFlags = flags;
				this.headerBlock.reset();
				readHeaders(stream, flags, bytes);
			}
			case CONTINUATION -> readHeaders(stream, flags, bytes);
			case RST_STREAM -> stream.reset(Http2Error.valueOf(payload.readUnsignedInt()));
			case SETTINGS -> readSettings(flags, payload);
			case PING -> {
				if ((flags & ACK) != 0) {
					this.pongs++;
				}
				else {
					frame(PING, ACK, 0, bytes);
				}
			}
			case GOAWAY -> this.connectionLines
				.add("GOAWAY last " + payload.readInt() + " " + Http2Error.valueOf(payload.readUnsignedInt()));
			case WINDOW_UPDATE -> {
				if (stream != null) {
					stream.window += payload.readUnsignedInt();
				}
				else if (id == 0) {
					this.window += payload.readUnsignedInt();
				}
			}
			default -> this.connectionLines.add("frame of type " + type);
		}
	}

	private void readData(int id, int flags, byte[] bytes) throws IOException {
		Stream stream = this.streams.get(id);
		stream.data.write(bytes);
		if ((flags & END_STREAM) != 0) {
			stream.end("ends with DATA");
		}
		if (this.updating && bytes.length > 0) {
			update(0, bytes.length);
			if (!stream.ended) {
				update(id, bytes.length);
			}
		}
	}

	private void readHeaders(Stream stream, int flags, byte[] bytes) throws IOException {
		this.headerBlock.write(bytes);
		if ((flags & END_HEADERS) == 0) {
			return;
		}
		try {
			Http2Headers headers = this.decoder.decodeHeaders(1,
					Unpooled.wrappedBuffer(this.headerBlock.toByteArray()));
			stream.flush();
			headers.forEach((header) -> {
				if (!header.getKey().toString().equals("date")) {
					stream.lines.add(header.getKey() + ": " + header.getValue());
				}
			});
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
		if ((this.headerFlags & END_STREAM) != 0) {
			stream.end("ends with HEADERS");
		}
	}

	private void readSettings(int flags, ByteBuf payload) throws IOException {
		if ((flags & ACK) != 0) {
			return;
		}
		while (payload.isReadable()) {
			int setting = payload.readUnsignedShort();
			long value = payload.readUnsignedInt();
			if (setting == 4) {
				this.streams.values().forEach((stream) -> stream.window += value - this.initialWindow);
				this.initialWindow = value;
			}
			this.connectionLines.add("setting " + setting + " " + value);
		}
		this.settled = true;
		frame(SETTINGS, ACK, 0, new byte[0]);
	}

	Http2Client finish() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	/** Ends without a word. */
	void abort() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * What a stream brought that was not told yet.
	 */
	private static final class Stream {

		private final List<String> lines = new ArrayList<>();

		private final ByteArrayOutputStream data = new ByteArrayOutputStream();

		private long window;

		private boolean ended;

		private boolean reset;

		Stream(long window) {
			this.window = window;
		}

		private void flush() {
			if (this.data.size() > 0) {
				this.lines.add("body: " + Conversation.describe(this.data.toByteArray()));
				this.data.reset();
			}
		}

		private void end(String how) {
			flush();
			this.lines.add(how);
			this.ended = true;
		}

		private void reset(Http2Error error) {
			// How much of it had arrived depends on the time
			this.data.reset();
			this.reset = true;
			end("RST_STREAM " + error);
		}

	}

}
