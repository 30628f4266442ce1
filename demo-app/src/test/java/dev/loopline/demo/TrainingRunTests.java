package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingRun}.
 */
class TrainingRunTests {

	@Test
	void answersItselfAndEnds() {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(DemoApplication.class)
			.run("--server.port=0", "--demo.training.requests=60");
		assertThat(context.isActive()).isFalse();
	}

}
