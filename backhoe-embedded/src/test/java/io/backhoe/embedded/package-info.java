@NullMarked
package io.backhoe.embedded;

import org.jspecify.annotations.NullMarked;
