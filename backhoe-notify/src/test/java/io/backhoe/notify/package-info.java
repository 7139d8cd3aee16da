@NullMarked
package io.backhoe.notify;

import org.jspecify.annotations.NullMarked;
