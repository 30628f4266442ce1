package dev.loopline.autoconfigure.reactor;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;

/**
 * Matches if Reactor's own schedulers run on the runtime: in a reactive web application
 * unless it is refused, in others if it is asked for.
 */
final class OnReactorSchedulersCondition extends AnyNestedCondition {

	OnReactorSchedulersCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnBooleanProperty("loopline.reactor.schedulers")
	static class Asked {

	}

	@ConditionalOnBooleanProperty(name = "loopline.reactor.schedulers", matchIfMissing = true)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class Reactive {

	}

}
