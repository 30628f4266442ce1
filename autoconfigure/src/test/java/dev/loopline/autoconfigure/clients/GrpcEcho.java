package dev.loopline.autoconfigure.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A service that answers with text, without generated code.
 *
 * @param answer makes the answer
 */
record GrpcEcho(UnaryOperator<String> answer) implements BindableService {

	static final String METHOD = "test.Echo/Say";

	private static final MethodDescriptor<String, String> SAY = MethodDescriptor.newBuilder(new Text(), new Text())
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName(METHOD)
		.build();

	@Override
	public ServerServiceDefinition bindService() {
		return ServerServiceDefinition.builder("test.Echo")
			.addMethod(SAY, ServerCalls.asyncUnaryCall((String asked, StreamObserver<String> observer) -> {
				observer.onNext(this.answer.apply(asked));
				observer.onCompleted();
			}))
			.build();
	}

	/**
	 * Calls it, and goes on where the answer arrives.
	 */
	static Mono<String> say(Channel channel, String text) {
		return Mono.create((sink) -> ClientCalls.asyncUnaryCall(channel.newCall(SAY, CallOptions.DEFAULT), text,
				new ToSink(sink)));
	}

	/**
	 * Calls it and waits.
	 */
	static String sayAndWait(Channel channel, String text) {
		return ClientCalls.blockingUnaryCall(channel, SAY, CallOptions.DEFAULT, text);
	}

	private record ToSink(MonoSink<String> sink) implements StreamObserver<String> {

		@Override
		public void onNext(String value) {
			this.sink.success(value);
		}

		@Override
		public void onError(Throwable ex) {
			this.sink.error(ex);
		}

		@Override
		public void onCompleted() {
			// there was a value
		}

	}

	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
