package io.mlpipeline.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engine throws: one type, told apart by its {@link ErrorType}. The message says what
 * happened and to which thing; what to do next is the type's remedy, unless the message knows
 * better.
 */
public class EngineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorType type;
  private final transient SortedMap<String, String> diagnostics;

  public EngineException(ErrorType type, String message) {
    this(type, message, Map.of(), null);
  }

  public EngineException(ErrorType type, String message, @Nullable Throwable cause) {
    this(type, message, Map.of(), cause);
  }

  public EngineException(
      ErrorType type, String message, Map<String, String> diagnostics, @Nullable Throwable cause) {
    super(message, cause);
    this.type = type;
    this.diagnostics = Collections.unmodifiableSortedMap(new TreeMap<>(diagnostics));
  }

  public ErrorType type() {
    return type;
  }

  /** What triage needs besides the message, by name; empty if nothing. */
  public SortedMap<String, String> diagnostics() {
    return diagnostics == null ? Collections.emptySortedMap() : diagnostics;
  }

  /** What a user asked for that cannot be, with what to do instead. */
  public static EngineException misused(String message, String suggestion) {
    return invalid(List.of(new Problem(SourceLocation.UNKNOWN, message, suggestion)));
  }

  /** One line for each problem, as one exception. */
  public static EngineException invalid(List<Problem> problems) {
    return new InvalidConfigException(problems);
  }
}
