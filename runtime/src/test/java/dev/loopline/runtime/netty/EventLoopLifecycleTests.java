package dev.loopline.runtime.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for what an event loop does before, after and without a channel. */
@TransportTest
@Timeout(60)
class EventLoopLifecycleTests {

	@Test
	void loopOutlivesItsChannel() throws Exception {
		try (Sockets sockets = new Sockets()) {
			Channel server = sockets.listen(new ChannelInboundHandlerAdapter());
			Channel first = sockets.connect(server.localAddress(), new ChannelInboundHandlerAdapter());
			EventLoop loop = first.eventLoop();
			first.close().sync();
			assertThat(loop.isShuttingDown()).isFalse();
			assertThat(loop.submit(() -> loop.inEventLoop()).get(10, TimeUnit.SECONDS)).isTrue();
			assertThat(loop.schedule(() -> loop.inEventLoop(), 1, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS))
				.isTrue();
			Channel second = Sockets.client(loop)
				.handler(new ChannelInboundHandlerAdapter())
				.connect(server.localAddress())
				.sync()
				.channel();
			assertThat(second.eventLoop()).isSameAs(loop);
			assertThat(second.isActive()).isTrue();
			second.close().sync();
		}
	}

	@Test
	void whatListensGoesFirstAndItsConnectionsDoNot() throws Exception {
		try (Sockets sockets = new Sockets()) {
			Channel server = sockets.listen(new ChannelInboundHandlerAdapter());
			Channel client = sockets.connect(server.localAddress(), new ChannelInboundHandlerAdapter());
			assertThat(priority(server)).isEqualTo(Priority.HIGH);
			assertThat(priority(client)).isEqualTo(Priority.NORMAL);
		}
	}

	@Test
	void loopThatHasListenedGoesFirstNoMore() throws Exception {
		try (Sockets sockets = new Sockets()) {
			Channel server = sockets.listen(new ChannelInboundHandlerAdapter());
			assertThat(priority(server)).isEqualTo(Priority.HIGH);
			server.close().sync();
			Await.until(() -> priority(server) == Priority.NORMAL);
		}
	}

	private static Priority priority(Channel channel) {
		Strand strand = StrandEventLoopGroup.strandOf(channel.eventLoop());
		assertThat(strand).isNotNull();
		return strand.priority();
	}

	@Test
	void loopCanServeTwoChannelsAtOnce() throws Exception {
		try (Sockets sockets = new Sockets()) {
			EventLoop loop = sockets.group.next();
			CountDownLatch echoed = new CountDownLatch(2);
			Channel server = sockets.listen(new EchoHandler());
			List<Channel> clients = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				clients.add(Sockets.client(loop)
					.handler(new CountingHandler(1, echoed::countDown))
					.connect(server.localAddress())
					.sync()
					.channel());
			}
			for (Channel client : clients) {
				client.writeAndFlush(client.alloc().buffer().writeByte(1)).sync();
			}
			assertThat(echoed.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void shutdownRunsQueuedTasksThenClosesChannelsThenTerminates() throws Exception {
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);
		CountDownLatch accepted = new CountDownLatch(1);
		Queue<Channel> channels = new ConcurrentLinkedQueue<>();
		Channel server = Sockets.server(group).childHandler(new ChannelInboundHandlerAdapter() {
			@Override
			public void handlerAdded(ChannelHandlerContext ctx) {
				channels.add(ctx.channel());
				accepted.countDown();
			}
		}).bind().sync().channel();
		Channel client = Sockets.client(group)
			.handler(new ChannelInboundHandlerAdapter())
			.connect(server.localAddress())
			.sync()
			.channel();
		assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
		channels.add(server);
		channels.add(client);
		AtomicInteger tasks = new AtomicInteger();
		AtomicInteger tasksAtTermination = new AtomicInteger(-1);
		Queue<Channel> openAtTermination = new ConcurrentLinkedQueue<>();
		group.terminationFuture().addListener((future) -> {
			tasksAtTermination.set(tasks.get());
			channels.stream().filter(Channel::isOpen).forEach(openAtTermination::add);
		});
		for (Channel channel : channels) {
			for (int i = 0; i < 1000; i++) {
				channel.eventLoop().execute(tasks::incrementAndGet);
			}
		}
		Future<?> termination = group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
		assertThat(group.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		Await.until("listener called", () -> tasksAtTermination.get() >= 0);
		assertThat(tasksAtTermination).hasValue(3000);
		assertThat(openAtTermination).isEmpty();
		assertThat(termination.isSuccess()).isTrue();
	}

	@Test
	void shutdownIsIdempotent() throws Exception {
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);
		EventLoop loop = group.next();
		loop.submit(() -> {
		}).sync();
		Future<?> first = group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
		Future<?> second = group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
		assertThat(group.isShuttingDown()).isTrue();
		assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(group.shutdownGracefully().await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(group.isShutdown()).isTrue();
		assertThat(group.isTerminated()).isTrue();
		assertThat(group.terminationFuture().isSuccess()).isTrue();
	}

	@Test
	void tasksAreRejectedAfterTermination() throws Exception {
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);
		EventLoop loop = group.next();
		group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> loop.execute(() -> {
		}));
	}

	@Test
	void unusedGroupTerminates() throws Exception {
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);
		assertThat(group.isTerminated()).isFalse();
		group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
		assertThat(group.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void shutdownFromALoopOfTheGroupTerminates() throws Exception {
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);
		group.next().execute(() -> group.shutdownGracefully(0, 10, TimeUnit.SECONDS));
		assertThat(group.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void tasksOfALoopThatIsShutDownByAQuietPeriodMayQueueMore() throws Exception {
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);
		EventLoop loop = group.next();
		AtomicInteger runs = new AtomicInteger();
		loop.execute(() -> loop.execute(() -> loop.execute(runs::incrementAndGet)));
		group.shutdownGracefully(50, 10_000, TimeUnit.MILLISECONDS);
		assertThat(group.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(runs).hasValue(1);
	}

	@Test
	void threadsComeFromTheGivenFactory() throws Exception {
		Queue<Thread> threads = new ConcurrentLinkedQueue<>();
		ThreadFactory delegate = new DefaultThreadFactory("given", true);
		IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2, (runnable) -> {
			Thread thread = delegate.newThread(runnable);
			threads.add(thread);
			return thread;
		});
		try {
			Queue<Thread> used = new ConcurrentLinkedQueue<>();
			Channel server = Sockets.server(group).childHandler(new EchoHandler() {
				@Override
				public void channelRead(ChannelHandlerContext ctx, Object msg) {
					used.add(Thread.currentThread());
					super.channelRead(ctx, msg);
				}
			}).bind().sync().channel();
			CountDownLatch echoed = new CountDownLatch(1);
			Channel client = Sockets.client(group)
				.handler(new CountingHandler(1, echoed::countDown))
				.connect(server.localAddress())
				.sync()
				.channel();
			client.writeAndFlush(client.alloc().buffer().writeByte(1)).sync();
			client.eventLoop().submit(() -> used.add(Thread.currentThread())).sync();
			assertThat(echoed.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(used).isNotEmpty().isSubsetOf(threads);
		}
		finally {
			group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
		}
		Await.until("threads ended", () -> threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void iteratorYieldsLoopsThatRunTasks() throws Exception {
		try (Sockets sockets = new Sockets()) {
			int loops = 0;
			for (EventExecutor loop : sockets.group) {
				assertThat(loop.submit(() -> loop.inEventLoop()).get(10, TimeUnit.SECONDS)).isTrue();
				loops++;
			}
			assertThat(loops).isEqualTo(2);
		}
	}

}
