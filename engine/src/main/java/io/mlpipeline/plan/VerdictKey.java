package io.mlpipeline.plan;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.StepSpec;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The key of what a step's gates ask: severity and normalized text of each rule by dataset,
 * external inputs included. The order of the rules, a rule written twice and a rule's own name
 * change no verdict, so they are not in it.
 */
public final class VerdictKey {

  private static final String OPEN = start(0).hex();

  private VerdictKey() {}

  private static Canonical start(int gates) {
    return new Canonical().text("v1").count(gates);
  }

  /** 64 hex digits. */
  public static String of(PipelineSpec spec, StepSpec step) {
    SortedMap<String, GateSpec> gates = Gates.of(spec, step);
    if (gates.isEmpty()) {
      return OPEN;
    }
    Canonical key = start(gates.size());
    gates.forEach(
        (dataset, gate) -> {
          SortedSet<String> rules = rules(gate);
          key.text(dataset).count(rules.size());
          rules.forEach(key::text);
        });
    return key.hex();
  }

  /** The rules as people see them, each once, sorted. */
  static SortedSet<String> rules(GateSpec gate) {
    SortedSet<String> rules = new TreeSet<>();
    gate.rules().forEach(rule -> rules.add(text(rule)));
    if (gate.maxQuarantine() > 0) {
      rules.add("max-quarantine " + gate.maxQuarantine());
    }
    return rules;
  }

  /** A rule as people see it. */
  static String text(GateRule rule) {
    return switch (rule.severity()) {
      case BLOCK -> "block " + rule.text();
      case WARN -> "warn " + rule.text();
      case QUARANTINE -> "quarantine " + rule.text();
    };
  }
}
