package dev.loopline.autoconfigure.web;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PatternOverlap}.
 */
class PatternOverlapTests {

	@ParameterizedTest
	@CsvSource({ "/, /", "/a, /a", "/a, /A", "/a, /{b}", "/*/export, /users/{op}", "/a/**, /a", "/a/**, /a/b/c",
			"/**, /", "/{*rest}, /a/b", "/a/**, /{*rest}", "/**/c, /a/b/c", "/**/c, /a/**", "/a*, /ab",
			"/a?, /{id:\\d+}", "/a/, /a/" })
	void somePathMatchesBoth(String one, String other) {
		assertThat(PatternOverlap.isPossible(one, other)).isTrue();
		assertThat(PatternOverlap.isPossible(other, one)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "/a, /b", "/a, /a/b", "/a, /a/", "/a/*, /a", "/a/{id}, /b/{id}", "/a/**, /b/**", "/**/c, /a/b",
			"/a/{b}, /a/{b}/c" })
	void noPathMatchesBoth(String one, String other) {
		assertThat(PatternOverlap.isPossible(one, other)).isFalse();
		assertThat(PatternOverlap.isPossible(other, one)).isFalse();
	}

}
