package dev.loopline.autoconfigure.clients;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.TaskRuntime;

/**
 * Lets what gRPC's calls receive run on strands, one for each call, of the work that
 * called. Safe for use by many threads.
 *
 * @param work runs what else there is to do
 */
record GrpcChannels(ClientWork work) implements GrpcChannelBuilderCustomizer<NettyChannelBuilder>, ClientInterceptor {

	/*-
	 * Connections stay on event loops of gRPC: it writes to a channel as soon as that was handed to its loop, and
	 * assumes that the handlers are there by then. A strand may run the write before, as long as a registration waits
	 * for its driver.
	 */

	@Override
	public void customize(String name, NettyChannelBuilder channel) {
		channel.executor(this.work).offloadExecutor(this.work::executeBlocking).intercept(this);
	}

	/**
	 * Lets a call that has no executor run on a strand. Who waits for an answer brings
	 * his own.
	 */
	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
			CallOptions options, Channel next) {
		TaskRuntime runtime = this.work.runtime();
		if (options.getExecutor() != null || runtime == null) {
			return next.newCall(method, options);
		}
		return next.newCall(method, options.withExecutor(ClientWork.on(ContinuedWork.newStrandFrom(runtime))));
	}

}
