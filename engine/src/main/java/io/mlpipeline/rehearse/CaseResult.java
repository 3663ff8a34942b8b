package io.mlpipeline.rehearse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one case.
 *
 * @param name the case
 * @param description what it is about; null if nothing was written
 * @param place where it was written, as file and line
 * @param seconds how long it took
 * @param differences what is not as it was expected, a line each; none if it passed
 */
public record CaseResult(
    String name,
    @Nullable String description,
    String place,
    double seconds,
    List<String> differences) {

  public CaseResult {
    differences = List.copyOf(differences);
  }

  public boolean isPassed() {
    return differences.isEmpty();
  }
}
