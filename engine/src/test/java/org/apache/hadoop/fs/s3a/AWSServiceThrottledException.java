package org.apache.hadoop.fs.s3a;

import java.io.IOException;

/** Named as what S3A throws for a 503, for S3A itself is not on the class path. */
public class AWSServiceThrottledException extends IOException {

  private static final long serialVersionUID = 1L;

  public AWSServiceThrottledException(String message) {
    super(message);
  }
}
