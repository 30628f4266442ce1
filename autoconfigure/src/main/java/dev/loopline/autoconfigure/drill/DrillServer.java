package dev.loopline.autoconfigure.drill;

import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.codec.CharSequenceEncoder;
import org.springframework.core.codec.StringDecoder;
import org.springframework.http.codec.DecoderHttpMessageReader;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.accept.HeaderContentTypeResolver;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.autoconfigure.web.RequestHandling;
import dev.loopline.runtime.BlockingThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.BatchFlushHandler;
import dev.loopline.runtime.netty.StrandEventLoopGroup;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.stall.StallLog;

/**
 * A server beside the application's, of the same classes and with nothing of the
 * application: no filter, no meter, no customizer. It has a runtime of its own.
 */
final class DrillServer implements AutoCloseable {

	/** Few, so that requests have to wait for them, and some are refused. */
	private static final int THREADS = 3;

	private static final int LINE = 2;

	/** Long enough for the monitor to look twice. */
	private static final long STALL_MILLIS = 10;

	private static final String HANDLERS = "handlers";

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final TaskRuntimeLifecycle lifecycle;

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final DisposableServer server;

	/**
	 * Starts a server.
	 * @param transport that of the application
	 * @param workers how many its runtime has
	 * @param blocking on which threads blocks what is known to
	 * @param threads what its threads are called
	 */
	DrillServer(Transport transport, int workers, BlockingThreads blocking, String threads) {
		TaskRuntimeConfig config = TaskRuntimeConfig.of((builder) -> builder.workers(workers)
			.blockingThreads(THREADS)
			.blockingOn(blocking, THREADS)
			.stallThreshold(Duration.ofMillis(1))
			.stallLog(StallLog.OFF)
			.threadFactory(new DefaultThreadFactory(threads, true, Thread.MIN_PRIORITY)));
		this.lifecycle = new TaskRuntimeLifecycle(config, transport, List.of());
		try {
			StrandEventLoopGroup loops = new StrandEventLoopGroup(runtime(), transport);
			this.server = HttpServer.create()
				.runOn((useNative) -> loops)
				.bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
				.doOnChannelInit((observer, channel, address) -> channel.pipeline().addFirst(new BatchFlushHandler()))
				.handle(new ReactorHttpHandlerAdapter(handler()))
				.bindNow(PATIENCE);
		}
		catch (Throwable ex) {
			this.lifecycle.stop();
			throw ex;
		}
	}

	private HttpHandler handler() {
		this.context.registerBean("first", HandlerMapping.class, RequestHandling::mapping);
		this.context.registerBean(HANDLERS, DrillHandlers.class, DrillHandlers::new);
		this.context.registerBean(RequestMappingHandlerMapping.class, RequestMappingHandlerMapping::new);
		this.context.registerBean(RequestMappingHandlerAdapter.class, DrillServer::adapter);
		this.context.registerBean(ResponseBodyResultHandler.class, DrillServer::resultHandler);
		this.context.refresh();
		RequestMappingHandlerMapping mapping = this.context.getBean(RequestMappingHandlerMapping.class);
		ReflectionUtils.doWithLocalMethods(DrillHandlers.class, (method) -> map(mapping, method));
		TaskRuntimeProperties properties = new TaskRuntimeProperties();
		properties.getBlocking().setQueueCapacity(LINE);
		properties.getWeb().setBlockingRoutes(List.of("/listed"));
		HttpHandler handler = WebHttpHandlerBuilder.webHandler(new DispatcherHandler(this.context))
			.observationRegistry(observations())
			.build();
		return RequestHandling.decorate(handler, this.lifecycle, properties);
	}

	private static RequestMappingHandlerAdapter adapter() {
		RequestMappingHandlerAdapter adapter = new RequestMappingHandlerAdapter();
		adapter.setMessageReaders(List.of(new DecoderHttpMessageReader<>(StringDecoder.allMimeTypes())));
		return adapter;
	}

	private static ResponseBodyResultHandler resultHandler() {
		return new ResponseBodyResultHandler(
				List.of(new EncoderHttpMessageWriter<>(CharSequenceEncoder.allMimeTypes())),
				new HeaderContentTypeResolver());
	}

	/**
	 * Returns what observes requests as that of the application does, for nobody.
	 */
	private static ObservationRegistry observations() {
		ObservationRegistry observations = ObservationRegistry.create();
		// Asks for the names and values of a request, as meters and traces do
		ObservationHandler<Observation.Context> handler = (context) -> true;
		observations.observationConfig().observationHandler(handler);
		return observations;
	}

	private static void map(RequestMappingHandlerMapping mapping, Method method) {
		GetMapping get = method.getAnnotation(GetMapping.class);
		if (get != null) {
			RequestMappingInfo.BuilderConfiguration options = new RequestMappingInfo.BuilderConfiguration();
			options.setPatternParser(mapping.getPathPatternParser());
			mapping.registerMapping(
					RequestMappingInfo.paths(get.value()).methods(RequestMethod.GET).options(options).build(), HANDLERS,
					method);
		}
	}

	TaskRuntime runtime() {
		return this.lifecycle.runtime();
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.server.address();
	}

	/**
	 * Lets nobody else connect.
	 */
	void closeDoor() {
		this.server.disposeNow(PATIENCE);
	}

	/**
	 * Stalls a worker with what no request brought.
	 */
	void stallWorker() {
		runtime().newStrand().execute(() -> DrillHandlers.sleep(STALL_MILLIS));
	}

	@Override
	public void close() {
		closeDoor();
		this.lifecycle.stop();
		this.context.close();
	}

}
