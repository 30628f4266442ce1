package dev.loopline.autoconfigure.clients;

import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;

/**
 * Puts the clients of the JVM on the runtime for as long as the application context
 * lives. A post-processor without an order, it is there before other beans, which may
 * call somebody while they are made, and after what binds properties, which event loops
 * need.
 */
final class GlobalLoopsInstaller implements BeanPostProcessor, InitializingBean, SmartLifecycle, DisposableBean {

	/** After the resources of connections, so that it ends before them. */
	private static final int PHASE = 1;

	private final Supplier<ClientLoops> loops;

	@GuardedBy("this")
	private boolean installed;

	GlobalLoopsInstaller(Supplier<ClientLoops> loops) {
		this.loops = loops;
	}

	@Override
	public void afterPropertiesSet() {
		start();
	}

	@Override
	public synchronized void start() {
		if (!this.installed) {
			GlobalLoops.install(this.loops);
			this.installed = true;
		}
	}

	@Override
	public synchronized void stop() {
		if (this.installed) {
			GlobalLoops.remove(this.loops);
			this.installed = false;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.installed;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Gives them back if the context failed before its life began.
	 */
	@Override
	public void destroy() {
		stop();
	}

}
