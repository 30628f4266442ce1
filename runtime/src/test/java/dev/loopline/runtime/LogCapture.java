package dev.loopline.runtime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a class logs, and keeps it from the console.
 */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	private final Logger logger;

	public LogCapture(Class<?> type) {
		this(type, null);
	}

	/**
	 * Keeps more or less than what is logged by tests.
	 */
	LogCapture(Class<?> type, Level level) {
		this.logger = (Logger) LoggerFactory.getLogger(type);
		this.logger.setLevel(level);
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
		start();
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.events.add(event);
	}

	public List<ILoggingEvent> events() {
		return this.events;
	}

	public List<String> messages() {
		return this.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Override
	public void close() {
		this.logger.setLevel(null);
		this.logger.detachAppender(this);
		this.logger.setAdditive(true);
		stop();
	}

}
