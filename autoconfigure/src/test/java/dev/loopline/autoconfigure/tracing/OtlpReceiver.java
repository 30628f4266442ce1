package dev.loopline.autoconfigure.tracing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;

/**
 * Receives traces over OTLP, as protocol buffers over HTTP.
 */
final class OtlpReceiver implements AutoCloseable {

	private final Queue<ResourceSpans> received = new ConcurrentLinkedQueue<>();

	private final HttpServer server;

	OtlpReceiver() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/v1/traces", this::receive);
		this.server.start();
	}

	private void receive(HttpExchange exchange) throws IOException {
		this.received.addAll(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList());
		byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
		exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
		exchange.sendResponseHeaders(200, (answer.length > 0) ? answer.length : -1);
		exchange.close();
	}

	String endpoint() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/v1/traces";
	}

	List<ResourceSpans> received() {
		return List.copyOf(this.received);
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
