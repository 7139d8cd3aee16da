/** How large, how soon again, and when to stop. */
@NullMarked
package io.backhoe.run.throttle;

import org.jspecify.annotations.NullMarked;
