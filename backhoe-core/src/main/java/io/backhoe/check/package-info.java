/** Questions about the data, before a run and after it: one file each. */
@NullMarked
package io.backhoe.check;

import org.jspecify.annotations.NullMarked;
