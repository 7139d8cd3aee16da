@NullMarked
package io.backhoe.cli;

import org.jspecify.annotations.NullMarked;
