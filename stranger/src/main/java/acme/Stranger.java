package acme;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An ordinary application that knows nothing of Loopline.
 */
@SpringBootApplication
public class Stranger {

	public static void main(String[] args) {
		SpringApplication.run(Stranger.class, args);
	}

}
