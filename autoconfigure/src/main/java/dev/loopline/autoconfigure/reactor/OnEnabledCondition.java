package dev.loopline.autoconfigure.reactor;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless {@code loopline.enabled} is false, in any spelling that Spring Boot
 * knows. What is neither stops the start, as a switch that does nothing is worse than
 * none.
 */
final class OnEnabledCondition extends SpringBootCondition {

	private static final String PROPERTY = "loopline.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean enabled = isEnabled(context.getEnvironment());
		return new ConditionOutcome(enabled, ConditionMessage.forCondition(PROPERTY).because("it is " + enabled));
	}

	private static boolean isEnabled(Environment environment) {
		try {
			return Binder.get(environment).bind(PROPERTY, Boolean.class).orElse(true);
		}
		catch (BindException ex) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, environment.getProperty(PROPERTY),
					"It must be true or false");
		}
	}

}
