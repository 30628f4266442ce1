package dev.loopline.autoconfigure.reactor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver.State;
import reactor.netty.NettyPipeline;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Farewell}: every order of the steps of a connection and of a server
 * that ends. What an event loop is asked to do is done in a step of its own.
 */
class FarewellOrderTests {

	/*-
	 * The steps
	 * ---------
	 * of a connection: O opened (CONNECTED), P its pipeline is complete, C a request has come (CONFIGURED),
	 * W its answer is written; o and c are those of a stream of HTTP/2
	 * of the server: A announce, D drain, R the event loops do what they were asked to do
	 */

	private static final List<String> FAREWELLS = List.of("AR", "ARAR", "AARR", "ADR", "ARDR");

	private final Farewell farewell = new Farewell();

	private final List<CompletableFuture<Void>> announcements = new ArrayList<>();

	/** The extra streams of every GOAWAY. */
	private final List<Integer> goAways = new ArrayList<>();

	private final EmbeddedChannel connection = new EmbeddedChannel();

	private final EmbeddedChannel stream = new EmbeddedChannel(this.connection, DefaultChannelId.newInstance(), true,
			false);

	@AfterEach
	void closeChannels() {
		this.stream.finishAndReleaseAll();
		this.connection.finishAndReleaseAll();
	}

	@ParameterizedTest
	@MethodSource
	void answerOfHttp1IsTheLastOnceTheServerTakesItsLeave(String order) {
		addHttp1();
		for (char step : order.toCharArray()) {
			if (step == 'W') {
				assertThat(answer()).isEqualTo(this.announcements.isEmpty() ? 0 : 1);
			}
			perform(step);
		}
		assertThat(answer()).isEqualTo(1);
	}

	static Stream<String> answerOfHttp1IsTheLastOnceTheServerTakesItsLeave() {
		return orders("OCW");
	}

	/**
	 * Its pipeline is complete when the protocol has been agreed on.
	 */
	@ParameterizedTest
	@MethodSource
	void answerOfHttp1WithTlsIsTheLastOnceTheServerHasTakenItsLeave(String order) {
		for (char step : order.toCharArray()) {
			if (step == 'P') {
				addHttp1();
			}
			else if (step == 'W') {
				boolean announced = !this.announcements.isEmpty();
				boolean told = announced && this.announcements.stream().allMatch(CompletableFuture::isDone);
				assertThat(answer()).isBetween(told ? 1 : 0, announced ? 1 : 0);
			}
			perform(step);
		}
		assertThat(answer()).isEqualTo(1);
	}

	static Stream<String> answerOfHttp1WithTlsIsTheLastOnceTheServerHasTakenItsLeave() {
		return orders("OPCW");
	}

	@ParameterizedTest
	@MethodSource
	void connectionOfHttp2IsToldOnceThatTheServerTakesItsLeave(String order) {
		for (char step : order.toCharArray()) {
			if (step == 'P') {
				addHttp2();
			}
			perform(step);
		}
		if (order.indexOf('D') < 0) {
			assertThat(this.goAways).containsExactly(Integer.MAX_VALUE);
		}
		else {
			assertThat(this.goAways).isIn(List.of(Integer.MAX_VALUE), List.of(Integer.MAX_VALUE, 0), List.of(0));
		}
	}

	/**
	 * With TLS, whose connections are not seen to open, and in clear text.
	 */
	static Stream<String> connectionOfHttp2IsToldOnceThatTheServerTakesItsLeave() {
		return Stream.of("Poc", "OPoc").flatMap(FarewellOrderTests::orders);
	}

	private static Stream<String> orders(String connection) {
		return FAREWELLS.stream().flatMap((server) -> orders("", connection, server)).distinct();
	}

	private static Stream<String> orders(String before, String connection, String server) {
		if (connection.isEmpty() || server.isEmpty()) {
			return Stream.of(before + connection + server);
		}
		return Stream.concat(orders(before + connection.charAt(0), connection.substring(1), server),
				orders(before + server.charAt(0), connection, server.substring(1)));
	}

	private void perform(char step) {
		switch (step) {
			case 'O' -> change(this.connection, State.CONNECTED);
			case 'C' -> change(this.connection, State.CONFIGURED);
			case 'o' -> change(this.stream, State.CONNECTED);
			case 'c' -> change(this.stream, State.CONFIGURED);
			case 'A' -> this.announcements.add(this.farewell.announce());
			case 'D' -> this.farewell.drain();
			case 'R' -> {
				this.stream.runPendingTasks();
				this.connection.runPendingTasks();
			}
			default -> assertThat(step).isIn('P', 'W');
		}
	}

	private void change(Channel channel, State state) {
		this.farewell.onStateChange(Connection.from(channel), state);
	}

	private void addHttp1() {
		this.connection.pipeline()
			.addLast(new HttpResponseEncoder())
			.addLast(NettyPipeline.HttpTrafficHandler, new ChannelDuplexHandler())
			.addLast(NettyPipeline.ReactiveBridge, new ChannelDuplexHandler());
	}

	/**
	 * Writes an answer.
	 * @return how often it says that it is the last
	 */
	private int answer() {
		this.connection.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
		ByteBuf head = this.connection.readOutbound();
		String text = head.toString(StandardCharsets.US_ASCII);
		this.connection.releaseOutbound();
		head.release();
		return text.split("connection: close", -1).length - 1;
	}

	private void addHttp2() {
		this.connection.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
			@Override
			public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
				FarewellOrderTests.this.goAways.add(((Http2GoAwayFrame) message).extraStreamIds());
				ReferenceCountUtil.release(message);
				promise.setSuccess();
			}
		});
		// Last, as its greeting makes the event loop do what it was asked to do
		this.connection.pipeline().addFirst(Http2FrameCodecBuilder.forServer().build());
	}

}
