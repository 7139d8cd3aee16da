/** Work that is not SQL in a plan but a Java function: what it is given, and what it is held to. */
@NullMarked
package io.backhoe.transform;

import org.jspecify.annotations.NullMarked;
