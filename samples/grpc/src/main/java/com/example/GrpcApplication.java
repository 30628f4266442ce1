package com.example;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service without generated code: it takes a text and returns one. Each call is a strand:
 * who blocks a worker loses it to another thread.
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
