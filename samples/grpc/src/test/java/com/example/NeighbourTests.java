package com.example;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCalls;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a call that blocks hurts no other.
 */
@SpringBootTest
class NeighbourTests {

	/** More than there are workers. */
	private static final int MANY = 16;

	@Autowired
	private GrpcServerLifecycle server;

	@Test
	void whoBlocksHurtsNobodyElse() throws Exception {
		ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", this.server.getPort()).usePlaintext().build();
		try {
			List<Future<String>> blocked = IntStream.range(0, MANY).mapToObj((i) -> greet(channel, "blocked")).toList();
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Gate.waiting() == MANY);
			assertThat(greet(channel, "fine").get(60, TimeUnit.SECONDS)).isEqualTo("fine"); // all others still block
			Gate.open();
			for (Future<String> answer : blocked) {
				assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("passed");
			}
		}
		finally {
			Gate.open();
			channel.shutdownNow();
		}
	}

	private static Future<String> greet(ManagedChannel channel, String name) {
		return ClientCalls.futureUnaryCall(channel.newCall(GrpcApplication.GREET, CallOptions.DEFAULT), name);
	}

}
