package dev.loopline.autoconfigure.clients;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Replaces beans, but for those that another post-processor has replaced before: the spy
 * of a test must stay what it is, and may be of the class of what it spies on.
 */
abstract class OriginalBeans implements BeanPostProcessor {

	/** What the thread is about to initialize. */
	private final ThreadLocal<@Nullable Begun> begun = new ThreadLocal<>();

	@Override
	public final Object postProcessBeforeInitialization(Object bean, String name) {
		if (isCandidate(bean)) {
			this.begun.set(new Begun(name, bean));
		}
		return bean;
	}

	@Override
	public final Object postProcessAfterInitialization(Object bean, String name) {
		Begun before = this.begun.get();
		boolean replaced = false;
		if (before != null && before.name.equals(name)) {
			this.begun.remove();
			replaced = before.bean != bean;
		}
		return (isCandidate(bean) && !replaced) ? replace(bean, name) : bean;
	}

	/**
	 * Returns whether a bean is of a class that may be replaced, as that of a mock is
	 * not.
	 */
	abstract boolean isCandidate(Object bean);

	/**
	 * Returns what stands in for a candidate.
	 */
	abstract Object replace(Object bean, String name);

	private record Begun(String name, Object bean) {
	}

}
