package dev.loopline.autoconfigure.stock;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Handlers that work on requests and responses themselves, and tell what these are.
 */
@RestController
class ExchangesController {

	private final SampleFile file;

	ExchangesController(SampleFile file) {
		this.file = file;
	}

	@GetMapping("/exchange/{shape}")
	Mono<Void> exchange(@PathVariable String shape, ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		return switch (shape.replaceFirst("-.*", "")) {
			case "write" -> response.writeWith(Mono.just(buffer(response, "written")));
			case "writeflux" -> response.writeWith(Flux.just(buffer(response, "a"), buffer(response, "b")));
			case "flush" ->
				response.writeAndFlushWith(Flux.just(Flux.just(buffer(response, "a"), buffer(response, "b")),
						Flux.empty(), Mono.just(buffer(response, "c"))));
			case "complete" -> {
				response.setStatusCode(HttpStatus.ACCEPTED);
				yield response.setComplete();
			}
			case "file" -> zeroCopy(response, 10, 90_000);
			case "cookie" -> {
				response.addCookie(ResponseCookie.from("name", "value").path("/").httpOnly(true).build());
				yield response.writeWith(Mono.just(buffer(response, "cookie")));
			}
			case "before" -> {
				response.beforeCommit(() -> Mono.fromRunnable(() -> {
					Fault.raise(shape);
					response.getHeaders().add("x-before", "commit");
				}));
				yield response.writeWith(Mono.just(buffer(response, "late header")));
			}
			case "trailers" -> trailers(response);
			case "length" -> {
				response.getHeaders().setContentLength(4);
				yield response.writeWith(Flux.just(buffer(response, "ab"), buffer(response, "cd")));
			}
			case "short" -> {
				response.getHeaders().setContentLength(10);
				yield response.writeWith(Flux.just(buffer(response, "ab"), buffer(response, "cd")));
			}
			case "committed" -> response.writeWith(Mono.just(buffer(response, "done")))
				.then(Mono.fromRunnable(() -> Fault.raise(shape)));
			case "twice" -> response.writeWith(Mono.just(buffer(response, "done")))
				.then(Mono.defer(() -> response.writeWith(Mono.just(buffer(response, "again")))));
			case "status" -> response.writeWith(Mono.just(buffer(response, "done")))
				.then(Mono.fromRunnable(() -> Journal.note(exchange,
						"late status " + response.setStatusCode(HttpStatus.CONFLICT) + " " + response.isCommitted())));
			case "error" -> response.writeWith(
					Flux.concat(Mono.just(buffer(response, "part")), Mono.error(new IllegalStateException("half"))));
			default -> Mono.empty();
		};
	}

	private Mono<Void> zeroCopy(ServerHttpResponse response, long position, long count) {
		response.getHeaders().setContentLength(count);
		return ((ZeroCopyHttpOutputMessage) response).writeWith(this.file.path(), position, count);
	}

	private static Mono<Void> trailers(ServerHttpResponse response) {
		HttpServerResponse nativeResponse = ServerHttpResponseDecorator.getNativeResponse(response);
		response.getHeaders().add(HttpHeaders.TRAILER, "x-trailer");
		nativeResponse.trailerHeaders((headers) -> headers.set("x-trailer", "trailed"));
		return response.writeWith(Flux.just(buffer(response, "a"), buffer(response, "b")));
	}

	private static DataBuffer buffer(ServerHttpResponse response, String text) {
		return response.bufferFactory().wrap(text.getBytes(StandardCharsets.US_ASCII));
	}

	@GetMapping("/describe/{shape}")
	Mono<String> describe(@PathVariable String shape, ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		ServerHttpResponse response = exchange.getResponse();
		return Mono.just(switch (shape) {
			case "request" -> request.getMethod() + " " + request.getURI() + " " + request.getPath() + " "
					+ request.getQueryParams() + " " + request.getCookies();
			case "headers" -> headers(request);
			case "addresses" -> request.getRemoteAddress() + " " + request.getLocalAddress();
			case "ssl" -> String.valueOf(request.getSslInfo());
			case "ids" -> digits(request.getId() + " " + exchange.getLogPrefix());
			case "attributes" -> keys(exchange.getAttributes());
			case "request-attributes" -> keys(request.getAttributes());
			case "native-request" -> type(ServerHttpRequestDecorator.getNativeRequest(request));
			case "native-response" -> type(ServerHttpResponseDecorator.getNativeResponse(response));
			case "native-api" -> nativeApi(request);
			case "zero-copy" -> String.valueOf(response instanceof ZeroCopyHttpOutputMessage);
			case "abstract-request" -> type(((AbstractServerHttpRequest) request).getNativeRequest());
			case "abstract-response" -> type(((AbstractServerHttpResponse) response).getNativeResponse());
			case "interrupted" -> String.valueOf(Thread.currentThread().isInterrupted());
			case "factory" -> type(response.bufferFactory());
			case "principal" -> String.valueOf(exchange.getPrincipal().blockOptional().isPresent());
			default -> shape;
		});
	}

	private static String keys(Map<String, Object> attributes) {
		return attributes.keySet().stream().sorted().collect(Collectors.joining("\n"));
	}

	private static String digits(String id) {
		return id.replaceAll("[0-9a-f]{8}", "#").replaceAll("-\\d+", "-#");
	}

	private static String headers(ServerHttpRequest request) {
		StringBuilder text = new StringBuilder();
		new TreeSet<>(request.getHeaders().headerNames())
			.forEach((name) -> text.append(name).append(request.getHeaders().get(name)));
		return text.toString();
	}

	private static String nativeApi(ServerHttpRequest request) {
		HttpServerRequest nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
		return nativeRequest.protocol() + " " + nativeRequest.scheme() + " " + nativeRequest.isKeepAlive() + " "
				+ nativeRequest.isWebsocket() + " " + nativeRequest.fullPath();
	}

	private static String type(Object object) {
		return object.getClass().getName();
	}

}
