package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.Severity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * What becomes of rules that count rows where there are fewer than there should be: they never
 * block, and bounds of {@code RowCount} are scaled with a sample. Everything else stays as it is.
 */
public final class VolumeRules {

  /** Types whose result depends on how many rows there are. */
  private static final Set<String> COUNTING =
      Set.of(
          "RowCount",
          "RowCountMatch",
          "DistinctValuesCount",
          "Sum",
          "ZerosCount",
          "DuplicateRowCount",
          "ReferentialIntegrity",
          "DatasetMatch",
          "AggregateMatch",
          "NewCategories",
          "VanishedCategories",
          "CustomSql");

  private static final Pattern SIMPLE = Pattern.compile("RowCount\\s*(>=|<=|>|<)\\s*([0-9.]+)");
  private static final Pattern BETWEEN =
      Pattern.compile("RowCount\\s+between\\s+([0-9.]+)\\s+and\\s+([0-9.]+)");
  private static final Pattern EXACT = Pattern.compile("RowCount\\s*(=|in)\\s*[0-9\\[].*");

  private VolumeRules() {}

  /**
   * A gate for fewer rows, and what is different about it.
   *
   * @param gate the gate
   * @param notes what was changed, in sentences
   */
  public record Eased(GateSpec gate, List<String> notes) {

    public Eased {
      notes = List.copyOf(notes);
    }
  }

  /** The gate of a dataset of which only a share of the rows is there. */
  public static Eased scaled(GateSpec gate, BigDecimal share) {
    String sample = " on a " + Sampling.percent(share) + " sample";
    List<GateRule> rules = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (GateRule rule : gate.rules()) {
      String text = scaled(rule.text(), share);
      if (EXACT.matcher(rule.text()).matches()) {
        notes.add(rule.text() + " cannot hold" + sample + " and is not judged");
      } else if (rule.text().equals(text)) { // RowCount > 0
        rules.add(rule);
      } else if (text != null) {
        notes.add(
            rule.text() + " judged as " + text.substring("RowCount ".length()) + sample + SO_WARNS);
        rules.add(new GateRule(rule.id(), Severity.WARN, text, rule.at()));
      } else if (rule.severity() == Severity.BLOCK && counts(rule)) {
        notes.add(rule.text() + " only warns" + sample);
        rules.add(new GateRule(rule.id(), Severity.WARN, rule.text(), rule.at()));
      } else {
        rules.add(rule);
      }
    }
    return new Eased(
        new GateSpec(rules, gate.maxQuarantine(), gate.references(), gate.scope()), notes);
  }

  private static final String SO_WARNS = ", as a warning";

  /**
   * The gate of a dataset of a handful of rows that somebody wrote: rules that count only warn, and
   * any share of the rows may be set apart where some may.
   *
   * @param strict ids or texts of rules that are judged as they are
   */
  public static GateSpec ofFewRows(GateSpec gate, Set<String> strict) {
    List<GateRule> rules = new ArrayList<>();
    for (GateRule rule : gate.rules()) {
      boolean isStrict = strict.contains(rule.id()) || strict.contains(rule.text());
      boolean eased = !isStrict && rule.severity() == Severity.BLOCK && counts(rule);
      rules.add(eased ? new GateRule(rule.id(), Severity.WARN, rule.text(), rule.at()) : rule);
    }
    return new GateSpec(rules, gate.maxQuarantine() > 0 ? 1 : 0, gate.references(), gate.scope());
  }

  private static boolean counts(GateRule rule) {
    DQRule parsed = RuleText.parse(rule.text()).rule();
    return parsed != null
        && RuleLeaves.of(parsed).anyMatch(leaf -> COUNTING.contains(leaf.getRuleType()));
  }

  /** The rule with bounds for a share of the rows; null if it is no such rule. */
  private static @Nullable String scaled(String rule, BigDecimal share) {
    Matcher between = BETWEEN.matcher(rule);
    if (between.matches()) {
      // DQDL's between leaves its bounds out.
      return "RowCount between "
          + down(between.group(1), share)
          + " and "
          + up(between.group(2), share);
    }
    Matcher simple = SIMPLE.matcher(rule);
    if (!simple.matches()) {
      return null;
    }
    boolean isLeast = simple.group(1).startsWith(">");
    String bound = isLeast ? down(simple.group(2), share) : up(simple.group(2), share);
    return "RowCount " + simple.group(1) + " " + bound;
  }

  private static String down(String bound, BigDecimal share) {
    return part(bound, share, RoundingMode.FLOOR);
  }

  private static String up(String bound, BigDecimal share) {
    return part(bound, share, RoundingMode.CEILING);
  }

  private static String part(String bound, BigDecimal share, RoundingMode mode) {
    return new BigDecimal(bound).multiply(share).setScale(0, mode).toPlainString();
  }
}
