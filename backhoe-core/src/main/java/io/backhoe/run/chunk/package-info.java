/** Which segment a worker takes next, and how idle workers get work. */
@NullMarked
package io.backhoe.run.chunk;

import org.jspecify.annotations.NullMarked;
