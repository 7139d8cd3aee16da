/** The spec resolved against the live table: immutable, hashed, executed verbatim. */
@NullMarked
package io.backhoe.plan;

import org.jspecify.annotations.NullMarked;
