package acme;

import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A client whose requests share one HTTP/2 connection.
 */
@Configuration(proxyBeanMethods = false)
class SharedConnection {

	@Bean
	WebClient shared(@Value("${server.port}") int port) {
		HttpClient client = HttpClient.create(ConnectionProvider.create("one", 1)).protocol(HttpProtocol.H2C);
		return WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(client))
			.baseUrl("http://127.0.0.1:" + port)
			.build();
	}

}
