package dev.loopline.autoconfigure.clients;

import java.util.concurrent.Executor;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.TaskRuntime;

/**
 * Gives each call that a server receives a strand of its own, which knows the method.
 * Safe for use by many threads.
 */
final class GrpcCalls implements ServerCallExecutorSupplier {

	private final ClientWork work;

	private final ServedMethods methods = new ServedMethods();

	GrpcCalls(ClientWork work) {
		this.work = work;
	}

	@Override
	public <ReqT, RespT> @Nullable Executor getExecutor(ServerCall<ReqT, RespT> call, Metadata metadata) {
		TaskRuntime runtime = this.work.runtime();
		if (runtime == null) {
			return null; // the server's
		}
		Object peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
		return ClientWork.on(this.methods.get(call.getMethodDescriptor().getFullMethodName())
			.newStrand(runtime, (peer != null) ? peer.toString() : null));
	}

}
