/** What happened, read from the ledger alone. */
@NullMarked
package io.backhoe.report;

import org.jspecify.annotations.NullMarked;
