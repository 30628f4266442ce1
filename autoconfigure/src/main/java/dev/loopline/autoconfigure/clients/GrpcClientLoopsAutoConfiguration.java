package dev.loopline.autoconfigure.clients;

import io.grpc.netty.NettyChannelBuilder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that lets what gRPC's clients receive run on the task runtime, each
 * call on a strand of its own.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ NettyChannelBuilder.class, GrpcChannelBuilderCustomizer.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.grpc", matchIfMissing = true)
public final class GrpcClientLoopsAutoConfiguration {

	/** First, so that a customizer of the user has the last word. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	GrpcChannels strandGrpcChannelCustomizer(TaskRuntimeLifecycle lifecycle) {
		return new GrpcChannels(new ClientWork(lifecycle));
	}

}
