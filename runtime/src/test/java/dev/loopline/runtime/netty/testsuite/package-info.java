/** The transport tests of Netty, run on the event loops of this project. */
package dev.loopline.runtime.netty.testsuite;
