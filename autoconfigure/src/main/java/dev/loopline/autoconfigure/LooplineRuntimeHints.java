package dev.loopline.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What a native image must keep because it is reached by reflection, by a method handle
 * or as a resource.
 */
final class LooplineRuntimeHints implements RuntimeHintsRegistrar {

	private static final String RUNTIME = "dev.loopline.runtime.";

	/** Whose fields are variables of a VarHandle. */
	static final List<String> VARIABLES = List.of(RUNTIME + "BaseHandle", RUNTIME + "MountedRun",
			RUNTIME + "PollStateFields", RUNTIME + "Strand", RUNTIME + "StrandState", RUNTIME + "StrandTimer",
			RUNTIME + "TaskState", RUNTIME + "internal.queue.InjectorFields", RUNTIME + "internal.queue.LifoSlotFields",
			RUNTIME + "internal.queue.RunQueueFields", RUNTIME + "netty.ReadinessGate",
			RUNTIME + "netty.StrandEventLoop", "dev.loopline.autoconfigure.reactor.StrandWorker");

	/** Whose private fields hold what Reactor Netty and the JDK have no method for. */
	private static final List<String> HOLDERS = List.of("reactor.netty.transport.ClientTransportConfig",
			"reactor.netty.tcp.TcpResources", "reactor.netty.http.HttpResources",
			"java.lang.ThreadBuilders$VirtualThreadBuilder");

	/** Whose methods are called by name. */
	private static final List<String> CALLED = List.of("reactor.netty.tcp.TcpResources", "java.lang.Thread",
			"java.lang.Thread$Builder", "java.lang.Thread$Builder$OfVirtual",
			"dev.loopline.autoconfigure.drill.DrillHandlers");

	/** Which Netty makes for each handler, and the runtime for each thread. */
	private static final String SCRATCH = "io.netty.channel.epoll.NativeArrays";

	/** Which a proxy is made of. */
	private static final String BUILDER = "org.springframework.web.reactive.function.client.WebClient$Builder";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		ReflectionHints reflection = hints.reflection();
		VARIABLES.forEach((type) -> register(reflection, classLoader, type, MemberCategory.ACCESS_DECLARED_FIELDS));
		HOLDERS.forEach((type) -> register(reflection, classLoader, type, MemberCategory.ACCESS_DECLARED_FIELDS));
		CALLED.forEach((type) -> register(reflection, classLoader, type, MemberCategory.INVOKE_DECLARED_METHODS));
		register(reflection, classLoader, SCRATCH, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		hints.proxies()
			.registerJdkProxy((proxy) -> proxy.proxiedInterfaces(TypeReference.of(BUILDER))
				.onReachableType(TypeReference.of(BUILDER)));
		hints.resources().registerPattern("dev/loopline/console/*");
	}

	private static void register(ReflectionHints hints, @Nullable ClassLoader classLoader, String type,
			MemberCategory category) {
		hints.registerTypeIfPresent(classLoader, type, category);
	}

}
