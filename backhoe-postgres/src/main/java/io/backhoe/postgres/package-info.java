/** PostgreSQL 14 and newer, behind the seam of {@code io.backhoe.database}; plain JDBC. */
@NullMarked
package io.backhoe.postgres;

import org.jspecify.annotations.NullMarked;
