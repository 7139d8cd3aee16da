/** A run whose batches restore before-images. */
@NullMarked
package io.backhoe.undo;

import org.jspecify.annotations.NullMarked;
