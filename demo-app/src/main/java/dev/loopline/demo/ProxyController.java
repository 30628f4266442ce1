package dev.loopline.demo;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Passes on what another path of this very server answers. Client and server share their
 * event loops, because Spring Boot gives both the same Reactor resources.
 */
@RestController
class ProxyController {

	private static final Pattern LOCAL_PATH = Pattern.compile("/(?:[^/].*)?");

	private static final List<String> PASSED_ON = List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_LENGTH);

	private final WebClient client;

	ProxyController(WebClient.Builder client) {
		this.client = client.build();
	}

	@GetMapping("/proxy")
	Mono<ResponseEntity<Flux<DataBuffer>>> proxy(@RequestParam(defaultValue = "/") String path,
			ServerHttpRequest request) {
		return this.client.get()
			.uri(target(path, request))
			.retrieve()
			.onStatus(HttpStatusCode::isError, (response) -> Mono.empty())
			.toEntityFlux(DataBuffer.class)
			.map(ProxyController::passOn);
	}

	// The path at the address at which this request came in
	private static URI target(String path, ServerHttpRequest request) {
		InetSocketAddress server = request.getLocalAddress();
		Assert.state(server != null, "The request has no local address");
		String scheme = (request.getSslInfo() != null) ? "https" : "http";
		try {
			if (LOCAL_PATH.matcher(path).matches()) {
				URI root = new URI(scheme, null, server.getAddress().getHostAddress(), server.getPort(), null, null,
						null);
				return new URI(root + path);
			}
		}
		catch (URISyntaxException ex) {
			// Treated like a path that is not local
		}
		throw new BadParameterException("path", "an absolute path on this server, with one leading slash");
	}

	private static ResponseEntity<Flux<DataBuffer>> passOn(ResponseEntity<Flux<DataBuffer>> answer) {
		ResponseEntity.BodyBuilder builder = ResponseEntity.status(answer.getStatusCode());
		for (String name : PASSED_ON) {
			String value = answer.getHeaders().getFirst(name);
			if (value != null) {
				builder.header(name, value);
			}
		}
		return builder.body(answer.getBody());
	}

}
