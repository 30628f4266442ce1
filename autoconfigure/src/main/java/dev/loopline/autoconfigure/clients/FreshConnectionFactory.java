package dev.loopline.autoconfigure.clients;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Wrapped;
import reactor.core.publisher.Mono;

/**
 * Prepares each connection when it is made. PostgreSQL's driver chooses the event loop
 * that finds the server's address when it is asked for connections, and a pool asks once:
 * it would make none any more when the context was stopped and started again. Safe for
 * use by as many as the driver's.
 *
 * @param driver the driver's factory
 */
record FreshConnectionFactory(ConnectionFactory driver) implements ConnectionFactory, Wrapped<ConnectionFactory> {

	/**
	 * Returns a factory that prepares each connection when it is made.
	 */
	static ConnectionFactory of(ConnectionFactory factory) {
		return "PostgreSQL".equals(factory.getMetadata().getName()) ? new FreshConnectionFactory(factory) : factory;
	}

	@Override
	public Mono<Connection> create() {
		return Mono.defer(() -> Mono.from(this.driver.create()));
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return this.driver.getMetadata();
	}

	@Override
	public ConnectionFactory unwrap() {
		return this.driver;
	}

	@Override
	public String toString() {
		return this.driver.toString();
	}

}
