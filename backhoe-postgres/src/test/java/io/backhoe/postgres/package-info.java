@NullMarked
package io.backhoe.postgres;

import org.jspecify.annotations.NullMarked;
