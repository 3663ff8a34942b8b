package io.mlpipeline;

import io.mlpipeline.model.StepCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The code of a step that is another now than when a run began.
 *
 * @param step the step
 * @param before the first digits of its digest then
 * @param now the same of now
 */
public record CodeDrift(String step, String before, String now) {

  /** The fact that holds the digests of a run's steps. */
  static final String FACT = "code";

  private static final int DIGITS = 12;

  /** All steps with their digests, for the facts of a run. */
  static String text(Map<String, StepCode> code) {
    return new TreeMap<>(code)
        .entrySet().stream()
            .map(step -> step.getKey() + "=" + digits(step.getValue()))
            .collect(Collectors.joining(" "));
  }

  /** What is another now; nothing of steps that the text does not name. */
  static List<CodeDrift> between(String text, Map<String, StepCode> code) {
    Map<String, String> before = new HashMap<>();
    for (String step : text.split(" ", -1)) {
      int at = step.indexOf('=');
      if (at > 0) {
        before.put(step.substring(0, at), step.substring(at + 1));
      }
    }
    List<CodeDrift> drift = new ArrayList<>();
    new TreeMap<>(code)
        .forEach(
            (step, now) -> {
              String then = before.getOrDefault(step, digits(now));
              if (!then.equals(digits(now))) {
                drift.add(new CodeDrift(step, then, digits(now)));
              }
            });
    return drift;
  }

  private static String digits(StepCode code) {
    return code.digest().substring(0, Math.min(DIGITS, code.digest().length()));
  }
}
