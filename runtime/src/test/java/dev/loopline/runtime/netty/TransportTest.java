package dev.loopline.runtime.netty;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that is run once for each {@link TestTransport} and fails when it leaks a
 * buffer.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("transport")
@EnabledIf("dev.loopline.runtime.netty.TestTransport#isAvailable")
@ExtendWith(LeakCheck.class)
public @interface TransportTest {

}
