/** One transaction: boundary, fence, capture, write. */
@NullMarked
package io.backhoe.run.batch;

import org.jspecify.annotations.NullMarked;
