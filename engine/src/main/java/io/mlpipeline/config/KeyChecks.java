package io.mlpipeline.config;

import io.mlpipeline.model.ParamProblem;
import io.mlpipeline.model.ParamTable;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.KeyInfo;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the keys of params against what the step's type says of them. */
final class KeyChecks {

  private final Problems problems;

  KeyChecks(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reports every key of every param that means nothing or has a value that it cannot have.
   *
   * @param node what is written under {@code params}
   * @param read the params that are of their type
   */
  void check(StepTypeInfo type, Node node, Map<String, Object> read) {
    for (ParamInfo info : type.params()) {
      Node written = node.members().get(info.name());
      if (info.keys() != null
          && written != null
          && read.get(info.name()) instanceof Map<?, ?> values) {
        String choice = choice(type, info.keys(), node, read);
        if (choice != null) {
          check(info.keys(), choice, written, values);
        }
      }
    }
  }

  /** Null if the param that decides is itself wrong, which is reported. */
  private static @Nullable String choice(
      StepTypeInfo type, KeyInfo keys, Node node, Map<String, Object> read) {
    if (keys.by().isEmpty()) {
      return ParamTable.ANY;
    }
    if (node.members().get(keys.by()) != null) {
      return read.get(keys.by()) instanceof String text ? text : null;
    }
    return type.params().stream()
        .filter(p -> p.name().equals(keys.by()))
        .map(ParamInfo::defaultText)
        .findFirst()
        .orElse(null);
  }

  private void check(KeyInfo keys, String choice, Node written, Map<?, ?> values) {
    ParamTable table = ParamTable.parse(keys.text());
    values.forEach(
        (key, value) -> {
          Node at = written.members().get(String.valueOf(key));
          if (at != null) {
            String name = "'" + at.path() + "'";
            ParamProblem problem =
                keys.problem(table, choice, name, String.valueOf(key), texts(value));
            if (problem != null) {
              problems.add(at.at(), Keys.visible(problem.message()), problem.suggestion());
            }
          }
        });
  }

  private static List<String> texts(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(value));
  }
}
