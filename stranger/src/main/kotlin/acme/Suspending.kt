package acme

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.withContext
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.data.redis.core.ReactiveStringRedisTemplate
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RestController
import org.springframework.web.reactive.function.server.bodyValueAndAwait
import org.springframework.web.reactive.function.server.coRouter
import org.springframework.web.server.CoWebFilter
import org.springframework.web.server.CoWebFilterChain
import org.springframework.web.server.ServerWebExchange

private fun sleep() = Thread.sleep(100)

private fun onIo() = Thread.currentThread().name.startsWith("DefaultDispatcher-worker")

/** Suspends, and then sleeps if it is bad. */
@RestController
class SuspendingController(private val redis: ReactiveStringRedisTemplate) {

	@GetMapping("/kotlin/fine")
	suspend fun fine(): String {
		delay(1)
		return "hello"
	}

	@GetMapping("/kotlin/bad")
	suspend fun bad(): String {
		delay(1)
		sleep()
		return "hello"
	}

	@GetMapping("/suspended/fine")
	suspend fun greeting(): String = redis.opsForValue().get("greeting").awaitSingle()

	@GetMapping("/suspended/bad")
	suspend fun lateGreeting(): String = redis.opsForValue().get("greeting").awaitSingle().also { sleep() }

	@GetMapping("/kotlin/io")
	suspend fun io(): String = withContext(Dispatchers.IO) { "${onIo()}" }

	@GetMapping("/kotlin/fails")
	suspend fun fails(): String {
		delay(1)
		throw IllegalStateException("on purpose")
	}

}

@Configuration(proxyBeanMethods = false)
class Suspending {

	@Bean
	fun router() = coRouter {
		GET("/router/fine") {
			delay(1)
			ok().bodyValueAndAwait("hello")
		}
		GET("/router/bad") {
			delay(1)
			sleep()
			ok().bodyValueAndAwait("hello")
		}
	}

	@Bean
	fun filter() = object : CoWebFilter() {
		override suspend fun filter(exchange: ServerWebExchange, chain: CoWebFilterChain) {
			if (exchange.request.path.value().startsWith("/router")) {
				delay(1)
			}
			chain.filter(exchange)
		}
	}

}
