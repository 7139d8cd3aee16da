/** What a live table shows before anything is done to it: one question a file, all answers at once. */
@NullMarked
package io.backhoe.assess;

import org.jspecify.annotations.NullMarked;
