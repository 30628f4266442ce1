package com.example;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.grpc.server.ServerBuilderCustomizer;

import dev.loopline.runtime.TaskRuntime;

/**
 * A service without generated code: it takes a text and returns one.
 */
@SpringBootApplication
public class GrpcApplication {

	static final MethodDescriptor<String, String> GREET = MethodDescriptor.<String, String>newBuilder()
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName("Greeter/greet")
		.setRequestMarshaller(new Text())
		.setResponseMarshaller(new Text())
		.build();

	@Bean
	BindableService greeter() {
		return () -> ServerServiceDefinition.builder("Greeter").addMethod(GREET, ServerCalls.asyncUnaryCall((name, observer) -> {
			observer.onNext(name.equals("blocked") ? Gate.pass() : name);
			observer.onCompleted();
		})).build();
	}

	/** Calls run on Loopline's workers: who blocks one loses it to another thread. */
	@Bean
	<T extends ServerBuilder<T>> ServerBuilderCustomizer<T> callsAsTasks(TaskRuntime runtime) {
		return (server) -> server.executor(runtime::execute);
	}

	public static void main(String[] args) {
		SpringApplication.run(GrpcApplication.class, args);
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
