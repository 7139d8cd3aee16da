/** What a person wants: text to value, or every problem at once. Knows no driver. */
@NullMarked
package io.backhoe.spec;

import org.jspecify.annotations.NullMarked;
