package io.mlpipeline.config;

import io.mlpipeline.model.RuntimeChange;
import io.mlpipeline.model.RuntimeSetting;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Suggestions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a step's {@code runtime}. */
final class RuntimeReader {

  private static final long MOST_RETRIES = 100;
  private static final Pattern FACTOR = Pattern.compile("([x/])\\s*([0-9]{1,4})");

  private final Problems problems;
  private final Values values;

  RuntimeReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  /** The settings; the defaults where nothing is written. */
  RuntimeSpec read(@Nullable Node node) {
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (fields == null) {
      return RuntimeSpec.DEFAULT;
    }
    Node retriesNode = fields.find("retries");
    BigDecimal written = retriesNode == null ? null : values.whole(retriesNode, 0, MOST_RETRIES);
    int retries = written == null ? RuntimeSpec.DEFAULT.retries() : written.intValueExact();
    Duration backoff = values.duration(fields.find("backoff"));
    Duration timeout = timeout(fields.find("timeout"));
    Node onOom = fields.find("on-oom");
    List<RuntimeChange> changes = onOom == null ? List.of() : changes(onOom);
    if (onOom != null && retries == 0 && (retriesNode == null || written != null)) {
      problems.add(
          onOom.at(),
          "'" + onOom.path() + "' changes the next attempt, and there is none",
          "give 'retries', for instance retries: 2");
    }
    fields.refuseOthers();
    return new RuntimeSpec(
        retries,
        Objects.requireNonNullElse(backoff, RuntimeSpec.DEFAULT.backoff()),
        timeout,
        changes,
        0);
  }

  private @Nullable Duration timeout(@Nullable Node node) {
    Duration timeout = values.duration(node);
    if (node != null && timeout != null && timeout.isZero()) {
      problems.add(node.at(), "'" + node.path() + "' must be longer than nothing", null);
    }
    return timeout;
  }

  private List<RuntimeChange> changes(Node node) {
    List<RuntimeChange> changes = new ArrayList<>();
    Fields fields = Fields.of(node, problems);
    if (fields != null) {
      for (String name : node.members().keySet()) {
        Node value = fields.find(name);
        RuntimeSetting setting = RuntimeSetting.of(name).orElse(null);
        if (setting == null) {
          unknown(node, name);
        } else if (value != null) {
          add(changes, setting, value);
        }
      }
    }
    return changes;
  }

  private void unknown(Node node, String name) {
    String near = Suggestions.didYouMean(name, RuntimeSetting.words());
    problems.add(
        Objects.requireNonNull(node.members().get(name)).at(),
        "'" + node.path() + "' cannot change '" + Keys.clean(name) + "'",
        near == null
            ? "settings that never change results: " + String.join(", ", RuntimeSetting.words())
            : near);
  }

  private void add(List<RuntimeChange> changes, RuntimeSetting setting, Node value) {
    String text = values.word(value);
    if (text == null) {
      return;
    }
    Matcher factor = FACTOR.matcher(text.strip());
    String sign = setting.grows() ? "x" : "/";
    if (!factor.matches() || Integer.parseInt(factor.group(2)) < 2) {
      problems.add(
          value.at(),
          "'" + value.path() + "' is no factor: " + Keys.clean(text),
          "write " + sign + "2, or another whole number from 2 to 9999");
    } else if (!factor.group(1).equals(sign)) {
      problems.add(
          value.at(),
          "'" + value.path() + ": " + Keys.clean(text) + "' would take more memory, not less",
          "write " + sign + factor.group(2));
    } else {
      changes.add(new RuntimeChange(setting, Long.parseLong(factor.group(2))));
    }
  }
}
