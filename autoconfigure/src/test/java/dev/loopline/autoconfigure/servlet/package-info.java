/**
 * Tests of applications that Spring MVC serves. They have a class path of their own.
 */
@NullMarked
package dev.loopline.autoconfigure.servlet;

import org.jspecify.annotations.NullMarked;
