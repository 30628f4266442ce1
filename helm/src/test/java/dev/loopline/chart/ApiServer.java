package dev.loopline.chart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Fabric8's mock of a Kubernetes API server, behind a front that speaks what Helm's Go
 * client expects: it answers discovery, turns Protobuf into JSON and names lists by their
 * kind.
 */
final class ApiServer implements AutoCloseable {

	/** By group and version: the resources as "plural Kind", all of them namespaced. */
	private static final Map<String, String[]> RESOURCES = Map.of("v1",
			new String[] { "configmaps ConfigMap", "pods Pod", "secrets Secret", "serviceaccounts ServiceAccount",
					"services Service" },
			"apps/v1", new String[] { "deployments Deployment" }, "policy/v1",
			new String[] { "poddisruptionbudgets PodDisruptionBudget" }, "autoscaling/v2",
			new String[] { "horizontalpodautoscalers HorizontalPodAutoscaler" }, "networking.k8s.io/v1",
			new String[] { "ingresses Ingress", "networkpolicies NetworkPolicy" }, "gateway.networking.k8s.io/v1",
			new String[] { "httproutes HTTPRoute" }, "monitoring.coreos.com/v1",
			new String[] { "prometheusrules PrometheusRule", "servicemonitors ServiceMonitor" });

	private static final byte[] PROTOBUF_MAGIC = { 'k', '8', 's', 0 };

	private final KubernetesMockServer mock;

	private final HttpServer front;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpClient client = HttpClient.newHttpClient();

	ApiServer() throws IOException {
		Map<ServerRequest, Queue<ServerResponse>> canned = new HashMap<>();
		this.mock = new KubernetesMockServer(new Context(), new MockWebServer(), canned,
				new KubernetesMixedDispatcher(canned), false);
		this.mock.init();
		this.front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.front.createContext("/", this::handle);
		this.front.setExecutor(this.threads);
		this.front.start();
	}

	/** A client of the mock itself. */
	NamespacedKubernetesClient client() {
		return this.mock.createClient();
	}

	String kubeConfig() {
		return """
				apiVersion: v1
				kind: Config
				clusters:
				  - name: mock
				    cluster: {server: "%s"}
				contexts:
				  - name: mock
				    context: {cluster: mock, user: mock}
				current-context: mock
				users:
				  - name: mock
				    user: {}
				""".formatted("http" + "://127.0.0.1:" + this.front.getAddress().getPort());
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String path = exchange.getRequestURI().getPath();
			String discovery = discovery(path);
			if (discovery != null) {
				respond(exchange, 200, discovery);
			}
			else {
				forward(exchange);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static @Nullable String discovery(String path) {
		if (path.equals("/version")) {
			return "{\"major\":\"1\",\"minor\":\"35\",\"gitVersion\":\"v1.35.0\"}";
		}
		if (path.equals("/api")) {
			return "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}";
		}
		if (path.equals("/apis")) {
			return Serialization.asJson(Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups",
					RESOURCES.keySet()
						.stream()
						.filter((version) -> version.contains("/"))
						.map(ApiServer::group)
						.toList()));
		}
		String version = path.replaceFirst("^/apis?/", "");
		String[] resources = RESOURCES.get(version);
		return (resources != null) ? Serialization.asJson(Map.of("kind", "APIResourceList", "apiVersion", "v1",
				"groupVersion", version, "resources", Arrays.stream(resources).map(ApiServer::resource).toList()))
				: null;
	}

	private static Map<String, Object> group(String groupVersion) {
		String[] parts = groupVersion.split("/");
		Map<String, String> version = Map.of("groupVersion", groupVersion, "version", parts[1]);
		return Map.of("name", parts[0], "versions", new Object[] { version }, "preferredVersion", version);
	}

	private static Map<String, Object> resource(String pluralAndKind) {
		String[] parts = pluralAndKind.split(" ");
		return Map.of("name", parts[0], "singularName", "", "kind", parts[1], "namespaced", true, "verbs",
				new String[] { "create", "delete", "get", "list", "patch", "update", "watch" });
	}

	private void forward(HttpExchange exchange) throws IOException, InterruptedException {
		byte[] body = toJson(exchange.getRequestBody().readAllBytes());
		URI target = URI.create("http" + "://127.0.0.1:" + this.mock.getPort() + exchange.getRequestURI());
		HttpRequest request = HttpRequest.newBuilder(target)
			.method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
			.header("Content-Type", patchType(exchange))
			.build();
		HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
		respond(exchange, response.statusCode(), nameList(exchange.getRequestURI().getPath(), response.body()));
	}

	/** The mock knows no strategic merge. */
	private static String patchType(HttpExchange exchange) {
		return exchange.getRequestMethod().equals("PATCH") ? "application/merge-patch+json" : "application/json";
	}

	private static byte[] toJson(byte[] body) throws InvalidProtocolBufferException {
		if (body.length < 4 || !Arrays.equals(body, 0, 4, PROTOBUF_MAGIC, 0, 4)) {
			return body;
		}
		Unknown envelope = Unknown.parseFrom(Arrays.copyOfRange(body, 4, body.length));
		String kind = envelope.getTypeMeta().getKind();
		if (!kind.equals("Secret")) {
			return "{\"kind\":\"%s\",\"apiVersion\":\"v1\"}".formatted(kind).getBytes(StandardCharsets.UTF_8);
		}
		Secret secret = Secret.parseFrom(envelope.getRaw());
		SecretBuilder json = new SecretBuilder().withType(secret.getType())
			.withNewMetadata()
			.withName(secret.getMetadata().getName())
			.withNamespace(secret.getMetadata().getNamespace())
			.withLabels(secret.getMetadata().getLabelsMap())
			.endMetadata();
		secret.getDataMap()
			.forEach((key, value) -> json.addToData(key, Base64.getEncoder().encodeToString(value.toByteArray())));
		return Serialization.asJson(json.build()).getBytes(StandardCharsets.UTF_8);
	}

	private static String nameList(String path, String body) {
		String plural = new ArrayDeque<>(Arrays.asList(path.split("/"))).getLast();
		for (String[] resources : RESOURCES.values()) {
			for (String resource : resources) {
				if (resource.startsWith(plural + " ")) {
					String kind = resource.substring(plural.length() + 1);
					return body.replaceFirst("\"kind\"\\s*:\\s*\"List\"", "\"kind\":\"" + kind + "List\"");
				}
			}
		}
		return body;
	}

	private static void respond(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().add("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, (bytes.length != 0) ? bytes.length : -1);
		exchange.getResponseBody().write(bytes);
	}

	@Override
	public void close() {
		this.front.stop(0);
		this.threads.shutdown();
		this.mock.destroy();
	}

}
