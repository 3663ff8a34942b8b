package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Old against new, as a list and as a phrase.
 *
 * @param changes one for each ingredient or rule that differs
 * @param text a phrase for people that names the first few
 */
record Differences(List<IngredientChange> changes, String text) {

  private static final int NAMED = 3;
  private static final int SHORT = 40;
  private static final Comparator<Ingredient> ORDER =
      Comparator.comparing(Ingredient::kind).thenComparing(Ingredient::name);

  /** What differs between the ingredients of two fingerprints. */
  static Differences between(Fingerprint before, Fingerprint after) {
    Map<String, Ingredient> old = byLabel(before);
    Map<String, Ingredient> now = byLabel(after);
    SortedMap<Ingredient, IngredientChange> changes = new TreeMap<>(ORDER);
    now.forEach((label, one) -> note(changes, old.get(label), one, one));
    old.forEach((label, one) -> note(changes, one, now.get(label), one));
    List<String> phrases = new ArrayList<>();
    changes.forEach((one, change) -> phrases.add(phrase(one, change)));
    String none = "the same ingredients under another format of key";
    return new Differences(List.copyOf(changes.values()), join(phrases, none));
  }

  private static Map<String, Ingredient> byLabel(Fingerprint fingerprint) {
    Map<String, Ingredient> map = new HashMap<>();
    fingerprint.ingredients().forEach(one -> map.put(one.label(), one));
    return map;
  }

  private static void note(
      SortedMap<Ingredient, IngredientChange> changes,
      @Nullable Ingredient before,
      @Nullable Ingredient after,
      Ingredient key) {
    String old = before == null ? null : before.value();
    String now = after == null ? null : after.value();
    if (old == null || !old.equals(now)) {
      changes.put(key, new IngredientChange(key.label(), old, now));
    }
  }

  private static String phrase(Ingredient one, IngredientChange change) {
    String before = change.before();
    String after = change.after();
    boolean opaque =
        switch (one.kind()) {
          case CODE, INPUT -> true;
          default -> false;
        };
    String label = opaque ? (one.kind().label() + " " + one.name()).strip() : one.label();
    if (before == null || after == null) {
      String value = before == null ? after : before;
      boolean shown = !opaque && value != null && value.length() <= SHORT;
      return label + (shown ? " " + value : "") + (before == null ? " added" : " removed");
    }
    boolean shown = !opaque && before.length() <= SHORT && after.length() <= SHORT;
    return label + (shown ? " " + before + " -> " + after : " changed");
  }

  /** What differs between the gates that judged an entry and those of now. */
  static Differences ofGates(
      ReuseEntry entry, String verdictKey, PipelineSpec spec, StepSpec step) {
    Map<String, TreeSet<String>> old = new TreeMap<>();
    for (GateReport report : entry.gates()) {
      TreeSet<String> rules = old.computeIfAbsent(report.dataset(), k -> new TreeSet<>());
      report.outcomes().forEach(outcome -> asked(outcome.rule()).ifPresent(rules::add));
    }
    List<IngredientChange> changes = new ArrayList<>();
    List<String> phrases = new ArrayList<>();
    SortedMap<String, GateSpec> gates = Gates.of(spec, step);
    SortedSet<String> datasets = new TreeSet<>(old.keySet());
    datasets.addAll(gates.keySet());
    for (String dataset : datasets) {
      SortedSet<String> now = VerdictKey.rules(gates.getOrDefault(dataset, GateSpec.OPEN));
      SortedSet<String> gone = old.getOrDefault(dataset, new TreeSet<>());
      if (gone.stream().noneMatch(Differences::isShare)) {
        now.removeIf(Differences::isShare); // nothing was set apart, so nobody noted the bound
      }
      SortedSet<String> added = new TreeSet<>(now);
      added.removeAll(gone);
      gone.removeAll(now);
      String label = "gate." + dataset;
      gone.forEach(rule -> changes.add(new IngredientChange(label, rule, null)));
      added.forEach(rule -> changes.add(new IngredientChange(label, null, rule)));
      if (!gone.isEmpty() || !added.isEmpty()) {
        phrases.add("gate of " + dataset + " changed");
      }
    }
    ofReferences(entry.verdictKey(), verdictKey, changes, phrases);
    ofSinks(entry.verdictKey(), verdictKey, changes, phrases);
    return new Differences(changes, join(phrases, "the gates changed"));
  }

  /** What gates look at beside the rows that they judge. */
  private static void ofReferences(
      String before, String after, List<IngredientChange> changes, List<String> phrases) {
    SortedMap<String, String> old = VerdictKey.references(before);
    SortedMap<String, String> now = VerdictKey.references(after);
    SortedSet<String> datasets = new TreeSet<>(old.keySet());
    datasets.addAll(now.keySet());
    for (String dataset : datasets) {
      String was = old.get(dataset);
      String is = now.get(dataset);
      if (!Objects.equals(was, is)) {
        changes.add(new IngredientChange("gate.references." + dataset, was, is));
        String what =
            was == null ? " is looked at now" : is == null ? " is not looked at now" : " changed";
        phrases.add("reference " + dataset + " of the gates" + what);
      }
    }
  }

  /** Where what was published is to be delivered. */
  private static void ofSinks(
      String before, String after, List<IngredientChange> changes, List<String> phrases) {
    SortedMap<String, String> old = VerdictKey.sinks(before);
    SortedMap<String, String> now = VerdictKey.sinks(after);
    SortedSet<String> datasets = new TreeSet<>(old.keySet());
    datasets.addAll(now.keySet());
    for (String dataset : datasets) {
      String was = old.get(dataset);
      String is = now.get(dataset);
      if (!Objects.equals(was, is)) {
        changes.add(new IngredientChange("sink." + dataset, was, is));
        phrases.add(dataset + (is == null ? " has no sink any more" : " is to be delivered"));
      }
    }
  }

  /** What people asked for of what was judged; the sum of the rows is the engine's own question. */
  private static Optional<String> asked(GateRule rule) {
    return switch (rule.id()) {
      case QuarantineTable.ACCOUNT_RULE -> Optional.empty();
      case QuarantineTable.SHARE_RULE -> Optional.of(rule.text());
      default -> Optional.of(VerdictKey.text(rule));
    };
  }

  private static boolean isShare(String rule) {
    return rule.startsWith(QuarantineTable.SHARE_RULE);
  }

  private static String join(List<String> phrases, String none) {
    if (phrases.isEmpty()) {
      return none;
    }
    String text = String.join(", ", phrases.subList(0, Math.min(NAMED, phrases.size())));
    int more = phrases.size() - NAMED;
    return more > 0 ? text + " and " + more + " more" : text;
  }
}
