/** Plans, runs, watches and undoes historical backfills. */
@NullMarked
package io.backhoe;

import org.jspecify.annotations.NullMarked;
