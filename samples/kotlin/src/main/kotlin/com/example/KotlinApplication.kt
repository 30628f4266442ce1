package com.example

import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.delay
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RestController

/** Where functions block until the test lets them go. */
object Gate {

	val waiting = AtomicInteger()

	val open = CountDownLatch(1)

	fun pass(): String {
		waiting.incrementAndGet()
		return if (open.await(60, TimeUnit.SECONDS)) "passed" else "waited in vain"
	}

}

@SpringBootApplication
@RestController
class KotlinApplication {

	/** A coroutine that waits as coroutines should. */
	@GetMapping("/fine")
	suspend fun fine(): String {
		delay(1)
		return "fine"
	}

	/** One that blocks its thread. */
	@GetMapping("/blocked")
	suspend fun blocked(): String = Gate.pass()

}

fun main(args: Array<String>) {
	runApplication<KotlinApplication>(*args)
}
