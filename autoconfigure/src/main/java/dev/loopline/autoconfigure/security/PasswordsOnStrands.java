package dev.loopline.autoconfigure.security;

import java.lang.reflect.Field;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.authentication.AbstractUserDetailsReactiveAuthenticationManager;
import org.springframework.security.authentication.ObservationReactiveAuthenticationManager;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets Spring Security check passwords on strands of the requests that bring them. It
 * does so on {@code boundedElastic()}, where twenty that compute leave little of two
 * processors to others, and where their handlers go on. Here whoever is found to burn
 * waits for his share, and is blamed like a handler.
 */
final class PasswordsOnStrands implements BeanPostProcessor {

	/*-
	 * Security makes its manager beside the beans, and its one post-processor of managers is taken when there are
	 * observations. So it is read by reflection, and if that fails, everything stays as it is.
	 */

	private static final Logger logger = LoggerFactory.getLogger(PasswordsOnStrands.class);

	private final Supplier<Scheduler> scheduler;

	PasswordsOnStrands(Supplier<Scheduler> scheduler) {
		this.scheduler = SingletonSupplier.of(scheduler);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ServerHttpSecurity || bean instanceof ObservationReactiveAuthenticationManager
				|| bean instanceof AbstractUserDetailsReactiveAuthenticationManager) {
			try {
				move(bean);
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				logger.info("Spring Security checks passwords on Reactor's threads", ex);
			}
		}
		return bean;
	}

	private void move(@Nullable Object bean) throws ReflectiveOperationException {
		if (bean instanceof ServerHttpSecurity) {
			move(read(ServerHttpSecurity.class, "authenticationManager", bean));
		}
		else if (bean instanceof ObservationReactiveAuthenticationManager) {
			move(read(ObservationReactiveAuthenticationManager.class, "delegate", bean));
		}
		else if (bean instanceof AbstractUserDetailsReactiveAuthenticationManager manager && hasDefault(manager)) {
			manager.setScheduler(this.scheduler.get());
		}
	}

	private static boolean hasDefault(AbstractUserDetailsReactiveAuthenticationManager manager)
			throws ReflectiveOperationException {
		return read(AbstractUserDetailsReactiveAuthenticationManager.class, "scheduler", manager) == Schedulers
			.boundedElastic();
	}

	private static @Nullable Object read(Class<?> type, String name, Object owner) throws ReflectiveOperationException {
		Field field = type.getDeclaredField(name);
		field.setAccessible(true);
		return field.get(owner);
	}

}
