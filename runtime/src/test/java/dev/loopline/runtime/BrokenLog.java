package dev.loopline.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Makes the loggers of some classes throw, whatever they are asked to write.
 */
public final class BrokenLog extends TurboFilter implements AutoCloseable {

	private final Throwable thrown;

	private final List<String> names;

	private final AtomicInteger calls = new AtomicInteger();

	private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

	public BrokenLog(Throwable thrown, Class<?>... types) {
		this.thrown = thrown;
		this.names = Arrays.stream(types).map(Class::getName).toList();
		this.context.addTurboFilter(this);
		start();
	}

	@Override
	public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
		if (this.names.contains(logger.getName())) {
			this.calls.incrementAndGet();
			ThrownErrors.raise(this.thrown);
		}
		return FilterReply.NEUTRAL;
	}

	/**
	 * Returns how often it has thrown.
	 */
	public int calls() {
		return this.calls.get();
	}

	@Override
	public void close() {
		stop();
		this.context.getTurboFilterList().remove(this);
	}

}
