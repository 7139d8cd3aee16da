/** Tells people and machines how a run goes. Nothing here may slow a run, stop it, or let a row's value out of the database. */
@NullMarked
package io.backhoe.notify;

import org.jspecify.annotations.NullMarked;
