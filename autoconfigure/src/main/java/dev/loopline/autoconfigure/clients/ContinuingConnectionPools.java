package dev.loopline.autoconfigure.clients;

import java.util.function.Supplier;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.NativeDetector;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import dev.loopline.autoconfigure.reactor.ContinuedWork;

/**
 * Lets the strands of pooled connections to databases go on with the work of whoever has
 * acquired them, until the next one does. A pool is a proxy of itself then, as nothing
 * else is told who asks.
 */
final class ContinuingConnectionPools extends OriginalBeans {

	private final Supplier<ClientWork> strands;

	/**
	 * Creates a post-processor.
	 * @param strands makes strands for what comes when connections were given back
	 */
	ContinuingConnectionPools(Supplier<ClientWork> strands) {
		this.strands = strands;
	}

	@Override
	boolean isCandidate(Object bean) {
		return bean.getClass() == ConnectionPool.class && !NativeDetector.inNativeImage();
	}

	@Override
	Object replace(Object bean, String name) {
		ProxyFactory proxies = new ProxyFactory(bean);
		proxies.setProxyTargetClass(true);
		proxies.setOpaque(true);
		proxies.addAdvice((MethodInterceptor) this::invoke);
		return proxies.getProxy(ConnectionPool.class.getClassLoader());
	}

	@SuppressWarnings("NullAway") // a method may return null
	private Object invoke(MethodInvocation call) throws Throwable {
		Object result = call.proceed();
		return (result instanceof Mono<?> connection && "create".equals(call.getMethod().getName()))
				? continuing(connection) : result;
	}

	private Mono<?> continuing(Mono<?> connections) {
		return Mono.defer(() -> {
			ContinuedWork work = ContinuedWork.lastingCurrent();
			return connections.map((connection) -> acquired(connection, work));
		});
	}

	/**
	 * Drivers say which scheduler is that of a connection, and a pool that sees it hands
	 * over the connection there. What is in between may hide it, as r2dbc-proxy does:
	 * then the connection hears of the work before anything else that is asked of it.
	 */
	private Object acquired(Object acquired, @Nullable ContinuedWork work) {
		if (!(acquired instanceof Connection connection)) {
			return acquired;
		}
		if (schedulerOf(connection) != null) {
			ContinuedWork.continueHere(work);
		}
		else {
			Scheduler hidden = hiddenSchedulerOf(connection);
			if (hidden == null) {
				return connection;
			}
			hidden.schedule(() -> ContinuedWork.continueHere(work));
		}
		return new PooledStrandConnection(connection, work, this.strands.get());
	}

	private static @Nullable Scheduler schedulerOf(Object connection) {
		return (connection instanceof Wrapped<?> wrapped) ? wrapped.unwrap(Scheduler.class) : null;
	}

	private static @Nullable Scheduler hiddenSchedulerOf(Object connection) {
		Object inner = connection;
		while (inner instanceof Wrapped<?> wrapped && (inner = wrapped.unwrap()) != null) {
			Scheduler scheduler = schedulerOf(inner);
			if (scheduler != null) {
				return scheduler;
			}
		}
		return null;
	}

}
