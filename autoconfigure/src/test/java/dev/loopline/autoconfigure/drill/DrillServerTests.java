package dev.loopline.autoconfigure.drill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.BlockingThreads;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.netty.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DrillServer}: it does what it is there for, and nobody else gets in.
 */
class DrillServerTests {

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final DrillServer server = new DrillServer(Transport.AUTO.resolve(), 2, BlockingThreads.AUTO,
			this.threads.prefix() + "drill");

	private final List<DrillClient> clients = new ArrayList<>();

	@AfterEach
	void end() throws IOException {
		for (DrillClient client : this.clients) {
			client.close();
		}
		this.server.close();
		this.threads.awaitNone();
	}

	@Test
	void everyHandlerAnswers() throws IOException {
		DrillClient client = connect();
		for (String path : List.of("/", "/later/x", "/block", "/listed", "/burn", "/block?ms=1")) {
			client.ask(path);
			assertThat(client.readAnswer()).as(path).isEqualTo(200);
		}
	}

	@Test
	void handlersThatBlockTakeWorkersThenRunInTheLaneAndAtLastAreRefused() throws IOException {
		for (int i = 0; i < 8; i++) {
			connect();
		}
		await().untilAsserted(() -> {
			assertThat(askAll("/block?ms=20")).contains(200, 503);
			RuntimeSnapshot snapshot = this.server.runtime().diagnostics().snapshot();
			assertThat(snapshot.handoffs().count()).isPositive();
			assertThat(snapshot.lane().admissions()).isPositive();
		});
	}

	@Test
	void whatNoRequestBroughtTakesWorkersToo() {
		await().untilAsserted(() -> {
			this.server.stallWorker();
			assertThat(this.server.runtime().diagnostics().snapshot().handoffs().count()).isPositive();
		});
	}

	@Test
	void nobodyElseConnectsOnceTheDoorIsClosed() throws IOException {
		DrillClient client = connect();
		assertThat(askAll("/")).containsOnly(200);
		int port = this.server.address().getPort();
		this.server.closeDoor();
		await().untilAsserted(() -> assertThat(TestServer.acceptsConnections(port)).isFalse());
		client.ask("/");
		assertThat(client.readAnswer()).isEqualTo(200);
	}

	private DrillClient connect() throws IOException {
		DrillClient client = new DrillClient(this.server.address());
		this.clients.add(client);
		return client;
	}

	private List<Integer> askAll(String path) throws IOException {
		for (DrillClient client : this.clients) {
			client.ask(path);
		}
		List<Integer> answers = new ArrayList<>();
		for (DrillClient client : this.clients) {
			answers.add(client.readAnswer());
		}
		return answers;
	}

}
