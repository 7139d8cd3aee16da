/** Backups in S3, by AWS's own client: credentials, region and endpoint are found as every program of AWS's finds them. */
@NullMarked
package io.backhoe.s3;

import org.jspecify.annotations.NullMarked;
