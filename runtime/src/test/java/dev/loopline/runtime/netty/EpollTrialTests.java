package dev.loopline.runtime.netty;

import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link EpollTrial}. */
@EnabledIf("io.netty.channel.epoll.Epoll#isAvailable")
@Timeout(60)
class EpollTrialTests {

	@Test
	void succeedsWithTheVersionOfNettyOnTheClassPath() {
		assertThat(EpollTrial.run(new EpollSupport())).isNull();
		assertThat(Transport.AUTO.resolve()).isEqualTo(Transport.EPOLL);
	}

	@Test
	void failsWhereScratchMemoryIsOfAnotherKind() {
		assertThat(EpollTrial.run(new ForeignScratch("not what a channel expects")))
			.isInstanceOf(ClassCastException.class);
	}

	@Test
	void failsWhereScratchMemoryCannotBeMade() {
		assertThat(EpollTrial.run(new ForeignScratch(1))).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("java.lang.Integer");
	}

	/** Epoll as in a version of Netty that keeps other scratch memory. */
	private record ForeignScratch(Object scratch) implements TransportSupport {

		private static final EpollSupport EPOLL = new EpollSupport();

		@Override
		public @Nullable Throwable unavailabilityCause() {
			return null;
		}

		@Override
		public IoHandlerFactory handlerFactory() {
			IoHandlerFactory factory = EPOLL.handlerFactory();
			return (executor) -> {
				IoHandler handler = factory.newHandler(executor);
				return instead(IoHandler.class, handler, "register", (registration) -> instead(IoRegistration.class,
						(IoRegistration) registration, "attachment", (arrays) -> this.scratch));
			};
		}

		private static <T> T instead(Class<T> type, T target, String method, UnaryOperator<Object> change) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, called, arguments) -> {
						Object result = called.invoke(target, arguments);
						return called.getName().equals(method) ? change.apply(result) : result;
					}));
		}

		@Override
		public Class<? extends IoHandle> handleType() {
			return EPOLL.handleType();
		}

		@Override
		public Class<? extends IoHandler> handlerType() {
			return EPOLL.handlerType();
		}

		@Override
		public BoundHandle wrap(IoHandle handle, StrandEventLoop loop, NettyIoDriver driver) {
			return EPOLL.wrap(handle, loop, driver);
		}

	}

}
