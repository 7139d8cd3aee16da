/** A PostgreSQL server of one's own and a shop to fill it with, for the demo and for tests. */
@NullMarked
package io.backhoe.embedded;

import org.jspecify.annotations.NullMarked;
