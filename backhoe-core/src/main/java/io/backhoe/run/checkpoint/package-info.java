/** The position that commits with its batch. */
@NullMarked
package io.backhoe.run.checkpoint;

import org.jspecify.annotations.NullMarked;
