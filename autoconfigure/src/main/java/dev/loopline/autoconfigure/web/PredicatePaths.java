package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;

/**
 * Collects the path patterns of a predicate, be they alternatives or not.
 */
final class PredicatePaths implements RequestPredicates.Visitor {

	private final List<String> paths = new ArrayList<>();

	private int negations;

	private PredicatePaths() {
	}

	static List<String> of(RequestPredicate predicate) {
		PredicatePaths visitor = new PredicatePaths();
		predicate.accept(visitor);
		return visitor.paths;
	}

	@Override
	public void path(String pattern) {
		if (this.negations == 0) {
			this.paths.add(pattern);
		}
	}

	@Override
	public void startNegate() {
		this.negations++;
	}

	@Override
	public void endNegate() {
		this.negations--;
	}

	@Override
	public void method(Set<HttpMethod> methods) {
	}

	@Override
	@SuppressWarnings("removal")
	public void pathExtension(String extension) {
	}

	@Override
	public void header(String name, String value) {
	}

	@Override
	public void queryParam(String name, String value) {
	}

	@Override
	public void version(String version) {
	}

	@Override
	public void startAnd() {
	}

	@Override
	public void and() {
	}

	@Override
	public void endAnd() {
	}

	@Override
	public void startOr() {
	}

	@Override
	public void or() {
	}

	@Override
	public void endOr() {
	}

	@Override
	public void unknown(RequestPredicate predicate) {
	}

}
