/** The tables in schema backhoe that hold plans, runs, chunks, segments, events and requests. */
@NullMarked
package io.backhoe.ledger;

import org.jspecify.annotations.NullMarked;
