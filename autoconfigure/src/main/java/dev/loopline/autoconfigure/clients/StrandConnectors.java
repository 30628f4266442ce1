package dev.loopline.autoconfigure.clients;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;
import reactor.core.scheduler.Scheduler;

/**
 * Lets Boot's builder of connectors make those whose responses continue on strands. One
 * that the application makes stays as it is.
 */
final class StrandConnectors extends OriginalBeans {

	private static final String BOOTS = "org.springframework.boot.http.client.autoconfigure.reactive";

	private final Class<?> type;

	private final BootsBeans boots;

	private final Supplier<Scheduler> scheduler;

	private final boolean cancelsWithData;

	/**
	 * Creates a post-processor.
	 * @param type of the builders
	 * @param beans knows who makes a bean
	 * @param scheduler whose workers are strands
	 * @param cancelsWithData whether the client sees that a body is cancelled only when
	 * more of it arrives
	 */
	StrandConnectors(Class<? extends ClientHttpConnectorBuilder<?>> type, ConfigurableListableBeanFactory beans,
			Supplier<Scheduler> scheduler, boolean cancelsWithData) {
		this.type = type;
		this.boots = new BootsBeans(beans, BOOTS);
		this.scheduler = scheduler;
		this.cancelsWithData = cancelsWithData;
	}

	@Override
	boolean isCandidate(Object bean) {
		return this.type.isInstance(bean);
	}

	@Override
	Object replace(Object bean, String name) {
		return this.boots.contain(name) ? new Builder((ClientHttpConnectorBuilder<?>) bean) : bean;
	}

	/**
	 * Makes connectors on strands of those that another one makes.
	 */
	private final class Builder implements ClientHttpConnectorBuilder<ClientHttpConnector> {

		private final ClientHttpConnectorBuilder<?> builder;

		Builder(ClientHttpConnectorBuilder<?> builder) {
			this.builder = builder;
		}

		@Override
		public ClientHttpConnector build(@Nullable HttpClientSettings settings) {
			return new StrandConnector(this.builder.build(settings), StrandConnectors.this.scheduler.get(),
					StrandConnectors.this.cancelsWithData);
		}

	}

}
