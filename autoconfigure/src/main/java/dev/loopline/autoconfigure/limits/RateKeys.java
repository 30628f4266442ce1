package dev.loopline.autoconfigure.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Tells whose a request is.
 */
final class RateKeys {

	/** Longer values are kept as their digest: nobody else fills the memory. */
	private static final int LONGEST = 64;

	private static final Object EVERYBODY = "everybody";

	private final UnaryOperator<ServerHttpRequest> forwarded;

	/**
	 * Creates keys.
	 * @param forwarded returns a request with the address of whoever it was forwarded
	 * for, as far as the server believes that
	 */
	RateKeys(UnaryOperator<ServerHttpRequest> forwarded) {
		this.forwarded = forwarded;
	}

	Object of(LimitSettings.Rate rate, ServerHttpRequest request) {
		if (rate.key() == RateKey.EVERYBODY) {
			return EVERYBODY;
		}
		String value = (rate.header() != null) ? request.getHeaders().getFirst(rate.header()) : null;
		return (value != null) ? value(value) : remoteAddress(this.forwarded.apply(request));
	}

	/**
	 * Returns the key of a user, or of the address of a request that has none.
	 * @param request as a filter has it
	 */
	static Object of(@Nullable String user, ServerHttpRequest request) {
		return (user != null) ? value(user) : remoteAddress(request);
	}

	/**
	 * Returns what a key is called where others can read it: of an address, a user or a
	 * header's value its digest.
	 */
	static String text(Object key) {
		if (key == EVERYBODY) {
			return EVERYBODY.toString();
		}
		return HexFormat.of().formatHex(sha256((key instanceof String value) ? "value " + value : key.toString()));
	}

	private static Object value(String value) {
		return (value.length() <= LONGEST) ? value : new Digest(HexFormat.of().formatHex(sha256(value)));
	}

	private static byte[] sha256(String value) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex); // every JDK has it
		}
	}

	private static Object remoteAddress(ServerHttpRequest request) {
		InetSocketAddress socket = request.getRemoteAddress();
		if (socket == null) {
			return new Address("");
		}
		InetAddress address = (socket.getAddress() != null) ? socket.getAddress() : parse(socket.getHostString());
		if (address instanceof Inet6Address) {
			// Whoever has one of version 6 has 2^64 of them
			return new Network(ByteBuffer.wrap(address.getAddress()).getLong());
		}
		return new Address((address != null) ? address.getHostAddress() : socket.getHostString());
	}

	/** Of forwarded headers, which nobody has looked up. */
	private static @Nullable InetAddress parse(String host) {
		byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
		try {
			return (address != null) ? InetAddress.getByAddress(address) : null;
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex); // it has a length of one
		}
	}

	private record Address(String address) {
	}

	private record Network(long prefix) {
	}

	private record Digest(String value) {
	}

}
