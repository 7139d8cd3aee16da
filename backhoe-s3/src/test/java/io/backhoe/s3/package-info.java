@NullMarked
package io.backhoe.s3;

import org.jspecify.annotations.NullMarked;
