package dev.loopline.autoconfigure.hardening;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WatchedConnection}, {@link RequestWatchHandler} and
 * {@link ConnectionWatch}.
 */
class WatchedConnectionTests {

	private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

	private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

	private final AtomicLong nanos = new AtomicLong();

	private final HardeningProperties.Connections properties = new HardeningProperties.Connections();

	private final LocalServerChannel server = new LocalServerChannel();

	private ConnectionWatch watch;

	private EmbeddedChannel channel;

	@AfterEach
	void release() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void connectionMustSendHeadersInTime() {
		open();
		pass(30);
		assertThat(this.channel.isOpen()).isTrue();
		pass(1);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void headersThatDripAreNotInTime() {
		open();
		for (int i = 0; i < 31; i++) {
			read("G");
			pass(1);
		}
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void bodyMayTakeLongAsLongAsItComes() {
		open();
		read(POST);
		for (int i = 0; i < 4; i++) {
			pass(60);
			read("a");
		}
		pass(60);
		assertThat(this.channel.isOpen()).isTrue();
		pass(1);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void bodyThatNobodyReadsIsNotTheClientsFault() {
		open();
		read(POST);
		this.channel.config().setAutoRead(false);
		pass(1_000);
		assertThat(this.channel.isOpen()).isTrue();
		this.channel.config().setAutoRead(true);
		pass(60);
		assertThat(this.channel.isOpen()).isTrue();
		pass(1);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void answerMayBeQuietForAsLongAsItLikes() {
		open();
		read(GET);
		pass(1_000);
		this.channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
		pass(1_000);
		assertThat(this.channel.isOpen()).isTrue();
		this.channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
		pass(75);
		assertThat(this.channel.isOpen()).isTrue();
		pass(1);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void secondRequestThatIsNotAnsweredKeepsTheConnection() {
		open();
		read(GET + GET);
		answer(HttpResponseStatus.OK);
		pass(1_000);
		assertThat(this.channel.isOpen()).isTrue();
		answer(HttpResponseStatus.OK);
		pass(76);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void interimAnswerIsNoAnswer() {
		open();
		read(GET);
		answer(HttpResponseStatus.CONTINUE);
		pass(1_000);
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void nextRequestHasItsOwnTime() {
		open();
		for (int i = 0; i < 3; i++) {
			pass(29);
			read(GET);
			answer(HttpResponseStatus.OK);
		}
		pass(70);
		read("GET");
		pass(30);
		assertThat(this.channel.isOpen()).isTrue();
		pass(1);
		assertThat(this.channel.isOpen()).isFalse();
	}

	/**
	 * As for a connection with TLS, whose pipeline is not complete before that.
	 */
	@Test
	void requestThatWasThereBeforeTheHandlerIsSeen() {
		this.channel = newChannel(newWatch());
		read("x"); // of a handshake
		this.watch.onStateChange(Connection.from(this.channel), ConnectionObserver.State.CONFIGURED);
		this.channel.pipeline().context(RequestWatchHandler.class).fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
		pass(20);
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void upgradedConnectionMayBeQuiet() {
		open();
		read(GET);
		answer(HttpResponseStatus.OK);
		this.channel.pipeline().remove(RequestWatchHandler.NAME);
		this.channel.pipeline().remove(NettyPipeline.HttpCodec);
		pass(1_000);
		read("x");
		pass(1_000);
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void zeroIsNoLimit() {
		this.properties.setHeaderTimeout(Duration.ZERO);
		this.properties.setIdleTimeout(Duration.ZERO);
		this.properties.setBodyTimeout(Duration.ZERO);
		open();
		pass(1_000);
		read(POST);
		pass(1_000);
		read("abcde");
		answer(HttpResponseStatus.OK);
		pass(1_000);
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void connectionBeyondTheMostIsClosed() {
		this.properties.setMax(1);
		open();
		EmbeddedChannel second = newChannel(this.watch);
		assertThat(second.isOpen()).isFalse();
		assertThat(this.channel.isOpen()).isTrue();
		this.channel.close();
		EmbeddedChannel third = newChannel(this.watch);
		assertThat(third.isOpen()).isTrue();
		third.finishAndReleaseAll();
	}

	@Test
	void tooManyHeadersAreMalformed() {
		open();
		read("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(100) + "\r\n");
		assertThat(((HttpObject) this.channel.readInbound()).decoderResult().isSuccess()).isTrue();
		assertThat((Object) this.channel.readInbound()).isInstanceOf(LastHttpContent.class);
		read("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(101) + "\r\n");
		assertThat(((HttpObject) this.channel.readInbound()).decoderResult().cause())
			.hasMessage("There are more than 100 header fields");
	}

	@Test
	void oneMalformedRequestInAMinuteIsPassedOn() {
		open();
		String malformed = "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(101) + "\r\n";
		read(malformed);
		assertThat((Object) this.channel.readInbound()).isNotNull();
		this.channel.finishAndReleaseAll();
		pass(59);
		this.channel = newHttpChannel();
		read(malformed);
		assertThat((Object) this.channel.readInbound()).isNull();
		assertThat(written()).startsWith("HTTP/1.1 431 ").contains("connection: close");
		assertThat(this.channel.isOpen()).isFalse();
		pass(1);
		this.channel = newHttpChannel();
		read(malformed);
		assertThat((Object) this.channel.readInbound()).isNotNull();
	}

	private void open() {
		newWatch();
		this.channel = newHttpChannel();
	}

	private ConnectionWatch newWatch() {
		ConnectionLimits limits = ConnectionLimits.of(this.properties);
		this.watch = new ConnectionWatch(limits, limits.maxConnections(), this.nanos::get);
		return this.watch;
	}

	private EmbeddedChannel newHttpChannel() {
		EmbeddedChannel channel = newChannel(this.watch);
		this.watch.onStateChange(Connection.from(channel), ConnectionObserver.State.CONNECTED);
		return channel;
	}

	private EmbeddedChannel newChannel(ConnectionWatch watch) {
		EmbeddedChannel channel = new EmbeddedChannel(this.server, DefaultChannelId.newInstance(), true, false);
		channel.pipeline().addLast(NettyPipeline.HttpCodec, new HttpServerCodec());
		watch.accept(channel);
		return channel;
	}

	private void read(String bytes) {
		this.channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
	}

	private void answer(HttpResponseStatus status) {
		this.channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
	}

	private String written() {
		ByteBuf bytes = this.channel.readOutbound();
		try {
			return bytes.toString(StandardCharsets.US_ASCII);
		}
		finally {
			bytes.release();
		}
	}

	/**
	 * Lets seconds pass, with a look at the end of each.
	 */
	private void pass(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
			this.watch.look();
			if (this.channel.isOpen()) {
				this.channel.runPendingTasks();
			}
		}
	}

}
