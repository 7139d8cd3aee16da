/** The command line: one class a verb, and what they share to ask and to answer. */
@NullMarked
package io.backhoe.cli;

import org.jspecify.annotations.NullMarked;
