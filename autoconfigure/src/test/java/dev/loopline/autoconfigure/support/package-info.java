/**
 * What several tests share.
 */
@NullMarked
package dev.loopline.autoconfigure.support;

import org.jspecify.annotations.NullMarked;
