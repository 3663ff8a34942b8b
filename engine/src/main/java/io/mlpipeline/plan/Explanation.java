package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.ReuseEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells why a step is decided as it is, ingredient by ingredient. */
public final class Explanation {

  private static final int WIDTH = 100;

  private Explanation() {}

  /**
   * The decision and its reason; then each ingredient of now against the step's newest entry: a
   * space before those that are the same, {@code ~} changed, {@code +} new, {@code -} no more
   * there; then the gates that changed. Settings and platform are counted where they are the same.
   */
  public static List<String> lines(StepDecision decision, History history) {
    List<String> lines = new ArrayList<>();
    String name = decision.step().name();
    lines.add(name + ": " + decision.decision().word() + ", " + decision.reason().text());
    if (decision.stale() != null) {
      lines.add("  ! " + decision.stale());
    }
    ReuseEntry last = history.last().steps().get(name);
    ReuseEntry base = last != null ? last : decision.entry();
    if (decision.fingerprint() != null) {
      lines.add(
          base == null ? "  no earlier run to compare with" : "  compared with run " + base.run());
      compare(base == null ? null : base.fingerprint(), decision.fingerprint(), lines);
    }
    for (IngredientChange change : decision.reason().changes()) {
      if (change.label().startsWith("gate.")) {
        lines.add(line(change.label(), change.before(), change.after()));
      }
    }
    return lines;
  }

  private static void compare(@Nullable Fingerprint old, Fingerprint now, List<String> lines) {
    Map<String, Ingredient> rows = new LinkedHashMap<>();
    Map<String, String> before = new LinkedHashMap<>();
    Map<String, String> after = new LinkedHashMap<>();
    List<Ingredient> all = new ArrayList<>(now.ingredients());
    now.ingredients().forEach(one -> after.put(one.label(), one.value()));
    if (old != null) {
      all.addAll(old.ingredients());
      old.ingredients().forEach(one -> before.put(one.label(), one.value()));
    }
    all.sort((a, b) -> a.kind().compareTo(b.kind()));
    all.forEach(one -> rows.putIfAbsent(one.label(), one));
    int same = 0;
    for (Map.Entry<String, Ingredient> row : rows.entrySet()) {
      String was = old == null ? after.get(row.getKey()) : before.get(row.getKey());
      String is = after.get(row.getKey());
      if (isSurrounding(row.getValue()) && Objects.equals(was, is)) {
        same++;
      } else {
        lines.add(line(row.getKey(), was, is));
      }
    }
    if (same > 0) {
      lines.add("    " + same + " settings and versions of the platform are the same");
    }
  }

  private static boolean isSurrounding(Ingredient one) {
    return switch (one.kind()) {
      case SETTING, PLATFORM -> true;
      default -> false;
    };
  }

  private static String line(String label, @Nullable String was, @Nullable String is) {
    if (Objects.equals(was, is)) {
      return "    " + label + "  " + cut(is);
    }
    if (was == null) {
      return "  + " + label + "  " + cut(is);
    }
    if (is == null) {
      return "  - " + label + "  " + cut(was);
    }
    return "  ~ " + label + "  " + cut(was) + " -> " + cut(is);
  }

  private static String cut(@Nullable String value) {
    String text = value == null ? "" : value;
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "...";
  }
}
