/**
 * The console as a person sees it: a real browser on the demo application.
 */
package dev.loopline.browser;
