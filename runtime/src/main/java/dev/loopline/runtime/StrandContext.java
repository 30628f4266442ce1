package dev.loopline.runtime;

/**
 * What a strand is working for at the moment, such as a request. Set by whoever gives the
 * strand its work, see {@link Strand#setContext}, and asked only when the strand stalls.
 */
@FunctionalInterface
public interface StrandContext {

	/**
	 * Describes the work. Called by any thread at any time, also when the work is over.
	 * @return the description
	 */
	StrandDescription describe();

}
