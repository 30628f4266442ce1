package dev.loopline.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

import dev.loopline.runtime.netty.Transport;

/**
 * Matches if Reactor Netty's connections run on the task runtime, which then has a
 * {@link Transport}. An auto-configuration that asks comes after {@value #DECIDED_BY}.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ConditionalOnBean(Transport.class)
public @interface ConditionalOnStrandConnections {

	/** The auto-configuration that decides. */
	String DECIDED_BY = "dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration";

}
