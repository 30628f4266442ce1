/**
 * Spring Security on the task runtime. To begin with: {@code PasswordsOnStrands}.
 */
@NullMarked
package dev.loopline.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
