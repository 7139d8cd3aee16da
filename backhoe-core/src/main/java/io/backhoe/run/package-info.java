/** One execution of one plan: a short loop over small seams. */
@NullMarked
package io.backhoe.run;

import org.jspecify.annotations.NullMarked;
