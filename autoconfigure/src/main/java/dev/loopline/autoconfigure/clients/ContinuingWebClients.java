package dev.loopline.autoconfigure.clients;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Gives {@code WebClient}s that are beans, and those that builders make which are, a
 * filter behind all others.
 */
final class ContinuingWebClients extends OriginalBeans {

	private static final String SPRINGS = WebClient.class.getPackageName() + ".Default";

	private final SingletonSupplier<ExchangeFilterFunction> filter;

	/**
	 * Creates a post-processor.
	 * @param filter the filter
	 */
	ContinuingWebClients(SingletonSupplier<ExchangeFilterFunction> filter) {
		this.filter = filter;
	}

	@Override
	boolean isCandidate(Object bean) {
		return isSprings(bean);
	}

	@Override
	Object replace(Object bean, String name) {
		return (bean instanceof WebClient client) ? build(client.mutate())
				: (bean instanceof WebClient.Builder builder) ? proxy(builder) : bean;
	}

	/**
	 * Returns whether an object is of Spring's own making, and nothing that somebody puts
	 * around that.
	 */
	static boolean isSprings(Object object) {
		return object.getClass().getName().startsWith(SPRINGS);
	}

	private WebClient build(WebClient.Builder builder) {
		ExchangeFilterFunction last = this.filter.obtain();
		return builder.clone().filters((filters) -> {
			filters.remove(last);
			filters.add(last);
		}).build();
	}

	private WebClient.Builder proxy(WebClient.Builder builder) {
		return (WebClient.Builder) Proxy.newProxyInstance(WebClient.Builder.class.getClassLoader(),
				new Class<?>[] { WebClient.Builder.class }, new Building(builder));
	}

	/**
	 * Builds with the filter.
	 */
	private final class Building implements InvocationHandler {

		private final WebClient.Builder builder;

		Building(WebClient.Builder builder) {
			this.builder = builder;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
			switch (method.getName()) {
				case "build":
					return build(this.builder);
				case "equals":
					return arguments != null && arguments[0] == proxy;
				default:
					return call((WebClient.Builder) proxy, method, arguments);
			}
		}

		private @Nullable Object call(WebClient.Builder proxy, Method method, Object @Nullable [] arguments)
				throws Throwable {
			try {
				Object result = method.invoke(this.builder, arguments);
				return (result == this.builder) ? proxy
						: (result instanceof WebClient.Builder another) ? proxy(another) : result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}

	}

}
