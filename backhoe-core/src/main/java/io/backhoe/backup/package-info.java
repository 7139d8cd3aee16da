/** Before-images outside the database: where they are sent, what lists them, and how they are looked over. */
@NullMarked
package io.backhoe.backup;

import org.jspecify.annotations.NullMarked;
