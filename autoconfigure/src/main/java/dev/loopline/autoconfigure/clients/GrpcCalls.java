package dev.loopline.autoconfigure.clients;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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

	/** Proxies may serve any name that a client asks for. */
	private static final int MAX_METHODS = 1000;

	private final ClientWork work;

	private final ConcurrentMap<String, GrpcMethod> methods = new ConcurrentHashMap<>();

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
		return ClientWork.on(method(call.getMethodDescriptor().getFullMethodName()).newStrand(runtime,
				(peer != null) ? peer.toString() : null));
	}

	private GrpcMethod method(String name) {
		GrpcMethod known = this.methods.get(name);
		if (known != null) {
			return known;
		}
		return (this.methods.size() < MAX_METHODS) ? this.methods.computeIfAbsent(name, GrpcMethod::new)
				: new GrpcMethod(name);
	}

}
