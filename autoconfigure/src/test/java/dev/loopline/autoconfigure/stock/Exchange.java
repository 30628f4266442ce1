package dev.loopline.autoconfigure.stock;

/**
 * Something that a client does with a server, on connections of its own.
 *
 * @param name what it is called, with its protocol
 * @param server the server that it needs
 * @param ordered whether one request must have ended when the next begins
 * @param isFault whether something is thrown that is fatal for the JVM, of which stock
 * may say nothing at all
 * @param propagates whether Reactor's automatic context propagation is on
 * @param script what the client does
 */
record Exchange(String name, Server server, boolean ordered, boolean isFault, boolean propagates, Script script) {

	static Exchange http1(String name, Script script) {
		return new Exchange("h1 " + name, Server.HTTP1, false, false, false, script);
	}

	/** HTTP/1.1 on a server that knows HTTP/2 as well, and compresses. */
	static Exchange mixed(String name, Script script) {
		return new Exchange("h1 on h2c " + name, Server.HTTP2, false, false, false, script);
	}

	static Exchange http2(String name, Script script) {
		return new Exchange("h2 " + name, Server.HTTP2, false, false, false, script);
	}

	Exchange propagating() {
		return new Exchange(this.name, this.server, this.ordered, this.isFault, true, this.script);
	}

	Exchange inOrder() {
		return new Exchange(this.name, this.server, true, this.isFault, this.propagates, this.script);
	}

	Exchange fault() {
		return new Exchange(this.name, this.server, this.ordered, true, this.propagates, this.script);
	}

	/**
	 * What servers speak.
	 */
	enum Server {

		HTTP1, HTTP2

	}

	/**
	 * What a client does.
	 */
	interface Script {

		void run(Conversation with) throws Exception;

	}

}
