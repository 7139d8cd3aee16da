/** The records of the domain. Nothing here knows anything but the JDK. */
@NullMarked
package io.backhoe.value;

import org.jspecify.annotations.NullMarked;
