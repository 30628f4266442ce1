package dev.loopline.autoconfigure.clients;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.r2dbc.connection.DelegatingConnectionFactory;
import reactor.core.publisher.Mono;

/**
 * Prepares each connection when it is made. PostgreSQL's driver chooses the event loop
 * that finds the server's address when it is asked for connections, and a pool asks once:
 * it would make none any more when the context was stopped and started again. Safe for
 * use by as many as the driver's.
 */
final class FreshConnectionFactory extends DelegatingConnectionFactory {

	private FreshConnectionFactory(ConnectionFactory driver) {
		super(driver);
	}

	/**
	 * Returns a factory that prepares each connection when it is made.
	 */
	static ConnectionFactory of(ConnectionFactory factory) {
		return "PostgreSQL".equals(factory.getMetadata().getName()) ? new FreshConnectionFactory(factory) : factory;
	}

	@Override
	public Mono<? extends Connection> create() {
		return Mono.defer(super::create);
	}

	@Override
	public String toString() {
		return getTargetConnectionFactory().toString();
	}

}
