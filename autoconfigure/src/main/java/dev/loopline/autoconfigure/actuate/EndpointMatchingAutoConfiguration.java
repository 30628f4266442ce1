package dev.loopline.autoconfigure.actuate;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.PathContainer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration that spares the application's requests the comparison with every
 * endpoint of an actuator that shares their port.
 */
@AutoConfiguration(after = WebEndpointAutoConfiguration.class, afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ WebEndpointProperties.class, WebFluxEndpointHandlerMapping.class })
@ConditionalOnBean(WebEndpointProperties.class)
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.web.skip-endpoint-matching", matchIfMissing = true)
@ConditionalOnManagementPort(ManagementPortType.SAME)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class EndpointMatchingAutoConfiguration {

	@Bean
	ApplicationHandlerMapping applicationHandlerMapping(WebEndpointProperties endpoints, ListableBeanFactory beans) {
		return new ApplicationHandlerMapping(PathContainer.parsePath(endpoints.getBasePath()), beans);
	}

}
