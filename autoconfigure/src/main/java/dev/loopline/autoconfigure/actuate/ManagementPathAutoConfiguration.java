package dev.loopline.autoconfigure.actuate;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * Auto-configuration that tells the path of the actuator where it shares the
 * application's port.
 */
@AutoConfiguration(after = WebEndpointAutoConfiguration.class, afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(WebEndpointProperties.class)
@ConditionalOnBean(WebEndpointProperties.class)
@ConditionalOnStrandConnections
@ConditionalOnManagementPort(ManagementPortType.SAME)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class ManagementPathAutoConfiguration {

	@Bean
	ManagementPath managementPath(WebEndpointProperties endpoints,
			@Value("${spring.webflux.base-path:}") String basePath) {
		String path = endpoints.getBasePath();
		return new ManagementPath(path.isEmpty() ? "" : basePath + path);
	}

}
