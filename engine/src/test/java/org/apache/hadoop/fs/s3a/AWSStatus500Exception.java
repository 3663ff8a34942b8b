package org.apache.hadoop.fs.s3a;

import java.io.IOException;

/** Named as what S3A throws for a 500, for S3A itself is not on the class path. */
public class AWSStatus500Exception extends IOException {

  private static final long serialVersionUID = 1L;

  public AWSStatus500Exception(String message) {
    super(message);
  }
}
