package dev.loopline.demo;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Tells the client which request parameter is wrong and what it has to be.
 */
class BadParameterException extends ErrorResponseException {

	BadParameterException(String name, String requirement) {
		super(HttpStatus.BAD_REQUEST, problem(name, requirement), null);
		// Also for a client that accepts another type only, such as an event stream
		getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	private static ProblemDetail problem(String name, String requirement) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"Parameter '" + name + "' must be " + requirement);
		problem.setProperty("parameter", name);
		return problem;
	}

}
