package dev.loopline.autoconfigure.clients;

import io.grpc.netty.NettyServerBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.ServerBuilderCustomizer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that runs gRPC's server on the task runtime, each call on a strand
 * of its own. It stops before the runtime does, like other servers.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ NettyServerBuilder.class, ServerBuilderCustomizer.class, GrpcServerExecutorProvider.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.grpc-server", matchIfMissing = true)
@Import(ClientLoopsConfiguration.class)
public final class GrpcServerLoopsAutoConfiguration {

	/** First, so that a customizer of the user has the last word. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	GrpcServers strandGrpcServerCustomizer(ClientLoops loops, TaskRuntimeLifecycle lifecycle,
			ObjectProvider<GrpcServerExecutorProvider> executor) {
		return new GrpcServers(loops, new ClientWork(lifecycle), executor.stream().findAny().isEmpty());
	}

}
