/** What every database behind the seam must do, as tests that a database's module runs. */
@NullMarked
package io.backhoe.testkit;

import org.jspecify.annotations.NullMarked;
