package dev.loopline.autoconfigure.clients;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.mongodb.MongoWriteException;
import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MongoClientAutoConfiguration}, with a server in memory.
 */
class MongoClientAutoConfigurationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final MongoServer server = new MongoServer(new MemoryBackend());

	private final InetSocketAddress address = this.server.bind();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				MongoClientAutoConfiguration.class, MongoReactiveAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "loopline.stall.threshold=5ms",
				"spring.reactor.netty.shutdown-quiet-period=0",
				"spring.mongodb.uri=mongodb://127.0.0.1:" + this.address.getPort() + "/test?maxPoolSize=2",
				this.threads.property());

	@AfterEach
	void stop() {
		this.server.shutdownNow();
	}

	@Test
	void answersArriveOnStrandsInOrder() {
		this.contextRunner.run((context) -> {
			MongoCollection<Document> numbers = numbers(context);
			fill(numbers, 1000);
			ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
			List<Integer> read = Flux.from(numbers.find().sort(new Document("_id", 1)).batchSize(10))
				.doOnNext((document) -> names.add(Thread.currentThread().getName()))
				.map((document) -> document.getInteger("_id"))
				.collectList()
				.block(PATIENCE);
			assertThat(read).isEqualTo(IntStream.range(0, 1000).boxed().toList());
			assertThat(names).hasSize(1000).allMatch((name) -> name.startsWith(this.threads.prefix()));
		});
		this.threads.awaitNone();
	}

	@Test
	void callbacksThatBlockHoldUpNobody() {
		this.contextRunner.run((context) -> {
			fill(numbers(context), 1);
			CountDownLatch others = new CountDownLatch(64);
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) { // on two connections
				Mono.from(numbers(context).find().first())
					.doOnNext((found) -> await().until(() -> others.getCount() == 0))
					.subscribe((found) -> done.countDown());
			}
			Flux.range(0, 64)
				.concatMap((i) -> numbers(context).countDocuments())
				.doOnNext((count) -> others.countDown())
				.blockLast(PATIENCE);
			await().until(() -> done.getCount() == 0);
		});
	}

	@Test
	void answerIsOfTheWorkThatAsked() {
		this.contextRunner.run((context) -> {
			CompletableFuture<String> route = new CompletableFuture<>();
			new SomeWork("GET /asked").run(context.getBean(TaskRuntime.class),
					() -> Flux.from(numbers(context).countDocuments())
						.subscribe((count) -> route.complete(SomeWork.routeOfCaller())));
			assertThat(route.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("GET /asked");
		});
	}

	@Test
	void demandIsKeptAndReadingCanBeCancelled() {
		this.contextRunner.run((context) -> {
			fill(numbers(context), 100);
			StepVerifier
				.create(Flux.from(numbers(context).find().sort(new Document("_id", 1)).batchSize(2))
					.map((document) -> document.getInteger("_id")), 2)
				.expectNext(0, 1)
				.thenRequest(3)
				.expectNext(2, 3, 4)
				.thenCancel()
				.verify(PATIENCE);
			assertThat(count(context)).isEqualTo(100L);
		});
	}

	@Test
	void sessionIsPassedAsTheDriversAndContinuesOnStrands() {
		this.contextRunner.run((context) -> {
			ClientSession session = Mono.from(context.getBean(MongoClient.class).startSession()).block(PATIENCE);
			assertThat(session).isNotNull();
			StepVerifier.create(numbers(context).countDocuments(session))
				.verifyErrorMatches((ex) -> ("" + ex.getMessage()).contains("server that doesn't support sessions"));
			session.startTransaction();
			assertThat(Mono.from(session.abortTransaction())
				.thenReturn("")
				.map((done) -> Thread.currentThread().getName())
				.block(PATIENCE)).startsWith(this.threads.prefix());
			session.close();
		});
	}

	@Test
	void failuresArriveAsTheyAre() {
		this.contextRunner.run((context) -> {
			fill(numbers(context), 1);
			StepVerifier.create(numbers(context).insertOne(new Document("_id", 0)))
				.verifyError(MongoWriteException.class);
		});
	}

	@Test
	void contextThatIsStartedAgainGoesOn() {
		this.contextRunner.run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			for (int i = 0; i < 3; i++) {
				assertThat(count(context)).isZero();
				application.stop();
				application.start();
			}
		});
		this.threads.awaitNone();
	}

	@Test
	void clientOfTheUserStaysAsItIs() {
		MongoClient users = MongoClients.create("mongodb://127.0.0.1:" + this.address.getPort());
		this.contextRunner.withBean(MongoClient.class, () -> users)
			.run((context) -> assertThat(context.getBean(MongoClient.class)).isSameAs(users));
	}

	@Test
	void propertyLeavesItAlone() {
		this.contextRunner.withPropertyValues("loopline.clients.mongodb=false").run((context) -> {
			assertThat(context).doesNotHaveBean("continuingMongoClients");
			assertThat(Mono.from(numbers(context).countDocuments())
				.map((count) -> Thread.currentThread().getName())
				.block(PATIENCE)).doesNotStartWith(this.threads.prefix());
		});
	}

	@Test
	void backsOffWithoutTheReactiveDriver() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(MongoClient.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("continuingMongoClients"));
	}

	private static MongoCollection<Document> numbers(ApplicationContext context) {
		return context.getBean(MongoClient.class).getDatabase("test").getCollection("numbers");
	}

	private static void fill(MongoCollection<Document> numbers, int count) {
		Mono.from(numbers
			.insertMany(IntStream.range(0, count).mapToObj((number) -> new Document("_id", number)).toList()))
			.block(PATIENCE);
	}

	private static @Nullable Long count(ApplicationContext context) {
		return Mono.from(numbers(context).countDocuments()).block(PATIENCE);
	}

}
