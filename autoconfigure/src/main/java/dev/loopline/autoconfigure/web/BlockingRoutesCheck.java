package dev.loopline.autoconfigure.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Warns of blocking routes that no handler has: they are misspelt, or of yesterday.
 */
final class BlockingRoutesCheck implements ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(BlockingRoutesCheck.class);

	private final ApplicationContext context;

	private final BlockingRoutes routes;

	BlockingRoutesCheck(ApplicationContext context, BlockingRoutes routes) {
		this.context = context;
		this.routes = routes;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() != this.context || this.routes.isEmpty()) {
			return;
		}
		HandlerPatterns handlers = new HandlerPatterns(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(this.context, HandlerMapping.class, true, false)
					.values());
		for (PathPattern route : this.routes.patterns()) {
			if (!handlers.meet(route)) {
				logger.warn("'{}' in loopline.web.blocking-routes matches the path of no handler; is it misspelt? "
						+ "Paths are those of mappings, without spring.webflux.base-path", route);
			}
		}
	}

}
