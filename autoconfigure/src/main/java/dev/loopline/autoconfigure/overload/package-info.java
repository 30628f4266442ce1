/**
 * Refuses requests in time while the server is asked for more than it can do. Begin with
 * {@link dev.loopline.autoconfigure.overload.Admission} and
 * {@link dev.loopline.autoconfigure.overload.AdmittedShare}.
 */
@NullMarked
package dev.loopline.autoconfigure.overload;

import org.jspecify.annotations.NullMarked;
