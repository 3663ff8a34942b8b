package io.mlpipeline.model;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with what a user wrote, in one report. */
public final class InvalidConfigException extends EngineException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public InvalidConfigException(List<Problem> problems) {
    super(
        ErrorType.CONFIG_INVALID,
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The problems in the order of file and line. */
  public List<Problem> problems() {
    return problems;
  }
}
