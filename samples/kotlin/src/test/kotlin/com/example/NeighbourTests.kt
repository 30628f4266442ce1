package com.example

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.util.concurrent.CompletableFuture
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Value
import org.springframework.boot.test.context.SpringBootTest
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment

/** Tests that coroutines that block hurt no others. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NeighbourTests {

	/** More than there are event loops. */
	private val many = 16

	private val client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

	@Value("\${local.server.port}")
	private var port = 0

	@Test
	fun whoBlocksHurtsNobodyElse() {
		val blocked = (1..many).map { get("/blocked") }
		Awaitility.await().atMost(Duration.ofSeconds(60)).until { Gate.waiting.get() == many }
		try {
			assertThat(get("/fine").join().body()).isEqualTo("fine") // all others still block
		}
		finally {
			Gate.open.countDown()
		}
		assertThat(blocked).allSatisfy { assertThat(it.join().body()).isEqualTo("passed") }
	}

	private fun get(path: String): CompletableFuture<HttpResponse<String>> {
		val request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:$port$path"))
			.timeout(Duration.ofSeconds(60))
			.build()
		return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
	}

}
