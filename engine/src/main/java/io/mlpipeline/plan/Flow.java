package io.mlpipeline.plan;

import io.mlpipeline.model.OutputVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the steps below see of a step.
 *
 * @param blocker why its outputs cannot be read; null if they can
 * @param text the same for people; empty if they can
 * @param outputs by dataset or model name; empty if they cannot
 */
record Flow(@Nullable ReasonKind blocker, String text, Map<String, OutputVersion> outputs) {

  static Flow ready(List<OutputVersion> outputs) {
    Map<String, OutputVersion> byName = new HashMap<>();
    outputs.forEach(output -> byName.put(output.name(), output));
    return new Flow(null, "", byName);
  }

  static Flow blocked(ReasonKind kind, String text) {
    return new Flow(kind, text, Map.of());
  }
}
