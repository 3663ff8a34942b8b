package io.mlpipeline.model;

/**
 * Where a user wrote something.
 *
 * @param file the file as the user would name it, or a word such as {@code --set}
 * @param line the line, from 1; 0 where lines have no meaning
 */
public record SourceLocation(String file, int line) {

  /** Where nothing better is known. */
  public static final SourceLocation UNKNOWN = new SourceLocation("", 0);

  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
