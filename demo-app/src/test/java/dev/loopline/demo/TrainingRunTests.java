package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrainingRun}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TrainingRunTests {

	@Test
	void answersItselfAndEnds(CapturedOutput output) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(DemoApplication.class).run("--server.port=0",
				"--demo.training.requests=60");
		assertThat(context.isActive()).isFalse();
		assertThat(output).contains("Trained with 60 requests");
	}

}
