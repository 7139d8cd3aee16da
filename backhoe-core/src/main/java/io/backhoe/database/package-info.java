/** The one seam to a database: facts, sessions, the text of the statements, the kinds of errors. */
@NullMarked
package io.backhoe.database;

import org.jspecify.annotations.NullMarked;
