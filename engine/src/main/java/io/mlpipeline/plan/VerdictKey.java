package io.mlpipeline.plan;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.SinkSpec;
import io.mlpipeline.model.StepSpec;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The key of what a step's gates ask: severity and normalized text of each rule by dataset,
 * external inputs included; the content of what the gates look at beside; and what places follow
 * the step's outputs, so that a new place is served without computing anything. The order of the
 * rules, a rule written twice and a rule's own name change no verdict, so they are not in it.
 */
public final class VerdictKey {

  private static final int SHORT = 16;
  private static final String SINK = "sink:";
  private static final String OPEN = start(0).hex();

  private VerdictKey() {}

  private static Canonical start(int gates) {
    return new Canonical().text("v1").count(gates);
  }

  /**
   * 64 hex digits; after them, for every dataset that only a gate looks at, {@code NAME=HASH} with
   * a hash of its content, and for every output with a sink {@code sink:NAME=HASH} with a hash of
   * its place, so that a change can be told from the key alone.
   */
  static String of(PipelineSpec spec, StepSpec step, List<PinnedInput> references) {
    StringBuilder key = new StringBuilder(of(spec, step));
    references.stream()
        .sorted(Comparator.comparing(PinnedInput::dataset))
        .forEach(
            one -> {
              String content = new Canonical().text(one.identity()).hex().substring(0, SHORT);
              key.append(' ').append(one.dataset()).append('=').append(content);
            });
    step.outputs().stream()
        .sorted(Comparator.comparing(OutputSpec::name))
        .forEach(
            output -> {
              SinkSpec sink = output.sink();
              if (sink != null) {
                String place = new Canonical().text(sink.place()).hex().substring(0, SHORT);
                key.append(' ').append(SINK).append(output.name()).append('=').append(place);
              }
            });
    return key.toString();
  }

  /** The key of the same verdict on what no sink has received yet. */
  public static String undelivered(String key) {
    return Arrays.stream(key.split(" ", -1))
        .filter(part -> !part.startsWith(SINK))
        .collect(Collectors.joining(" "));
  }

  /** The contents of references that a key names, by dataset. */
  static SortedMap<String, String> references(String key) {
    SortedMap<String, String> found = named(key);
    found.keySet().removeIf(name -> name.startsWith(SINK));
    return found;
  }

  /** The places of sinks that a key names, by dataset. */
  static SortedMap<String, String> sinks(String key) {
    SortedMap<String, String> found = new TreeMap<>();
    named(key)
        .forEach(
            (name, place) -> {
              if (name.startsWith(SINK)) {
                found.put(name.substring(SINK.length()), place);
              }
            });
    return found;
  }

  private static SortedMap<String, String> named(String key) {
    SortedMap<String, String> found = new TreeMap<>();
    for (String part : key.split(" ", -1)) {
      int at = part.indexOf('=');
      if (at > 0) {
        found.put(part.substring(0, at), part.substring(at + 1));
      }
    }
    return found;
  }

  /** The gates' own part of the key: 64 hex digits. */
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
          if (gate.scope() == GateSpec.Scope.TABLE) {
            key.text("scope table"); // the other scope is left out, as before there were two
          }
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
