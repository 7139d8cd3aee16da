/** Measures Backhoe beside what people would do by hand, on one server, in interleaved rounds. */
@NullMarked
package io.backhoe.bench;

import org.jspecify.annotations.NullMarked;
