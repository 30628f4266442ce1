package dev.loopline.autoconfigure.clients;

import java.util.Arrays;
import java.util.Set;

import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import reactor.netty.resources.LoopResources;

import dev.loopline.autoconfigure.reactor.ResolverCache;

/**
 * Sets the option by which drivers on Reactor Netty take event loops, unless it is set.
 */
final class R2dbcLoopsCustomizer implements ConnectionFactoryOptionsBuilderCustomizer {

	/** Of the same name for all that have it. */
	static final Option<LoopResources> LOOPS = Option.valueOf("loopResources");

	private static final Set<String> DRIVERS = Set.of("postgresql", "postgres", "mariadb", "mysql");

	private final LoopResources loops;

	R2dbcLoopsCustomizer(LoopResources loops) {
		this.loops = loops;
	}

	@Override
	public void customize(ConnectionFactoryOptions.Builder builder) {
		ConnectionFactoryOptions options = builder.build();
		if (!options.hasOption(LOOPS) && isDriver(options)) {
			ResolverCache.serve(this.loops);
			builder.option(LOOPS, this.loops);
		}
	}

	/**
	 * What wraps a driver, as a pool does, has its name as the first part of its
	 * protocol.
	 */
	private static boolean isDriver(ConnectionFactoryOptions options) {
		Object driver = options.getValue(ConnectionFactoryOptions.DRIVER);
		Object protocol = options.getValue(ConnectionFactoryOptions.PROTOCOL);
		if (driver == null || DRIVERS.contains(driver)) {
			return driver != null;
		}
		return protocol != null && Arrays.stream(protocol.toString().split(":")).anyMatch(DRIVERS::contains);
	}

}
