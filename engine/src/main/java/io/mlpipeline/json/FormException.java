package io.mlpipeline.json;

/**
 * A stored form that cannot be read. Checked, because every caller must say what that means to it:
 * nearly always "as if it were not there".
 */
public final class FormException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  FormException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  FormException(String message, Throwable cause) {
    super(message, cause);
    this.kind = Kind.DAMAGED;
  }

  static FormException damaged(String message) {
    return new FormException(Kind.DAMAGED, message);
  }

  public Kind kind() {
    return kind;
  }

  /** Why it cannot be read. */
  public enum Kind {
    /** Cut short, no JSON, a required field is absent or of another type. */
    DAMAGED,
    /** Written by a newer engine; it is whole and must be left alone. */
    NEWER
  }
}
