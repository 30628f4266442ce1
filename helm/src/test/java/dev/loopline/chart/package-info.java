/**
 * What the chart promises.
 */
@NullMarked
package dev.loopline.chart;

import org.jspecify.annotations.NullMarked;
