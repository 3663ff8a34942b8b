package com.amazonaws;

/** Says what a store answered, as the client's own exceptions do. */
public class AnsweringStore extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  public AnsweringStore(int status, String code) {
    super("Service: Amazon S3; Status Code: " + status + "; Error Code: " + code);
    this.status = status;
    this.code = code;
  }

  public int getStatusCode() {
    return status;
  }

  public String getErrorCode() {
    return code;
  }
}
