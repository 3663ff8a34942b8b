package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * How often a gate passes over the rows, estimated from its rules alone: nothing is read. It is so
 * for rows that no quarantine rule sets apart and that are too many to be grouped in the shared
 * scan, in files with statistics.
 *
 * @param rules the rules
 * @param statistics the rules that file statistics and the schema answer
 * @param scans shared scans, each of up to 64 aggregates
 * @param groupings the columns and filters that are grouped by, one pass each
 * @param own passes of rules' own, each by the type of its rule
 */
public record GateCost(
    int rules, int statistics, int scans, List<String> groupings, List<String> own) {

  public GateCost {
    groupings = List.copyOf(groupings);
    own = List.copyOf(own);
  }

  /** Whether the digest shares the scan, as it does for what a step made. */
  public enum Scanned {
    OUTPUT,
    INPUT
  }

  /**
   * The cost of a gate.
   *
   * @param columns the columns, if they are known; types that are not known count as numbers
   */
  public static GateCost of(GateSpec gate, @Nullable StructType columns, Scanned what) {
    CostEstimate estimate = new CostEstimate(columns);
    if (what == Scanned.OUTPUT) {
      boolean isByBatches = columns == null || BatchDigest.fits(columns);
      estimate.measure("digest", isByBatches ? 1 : TableDigest.WIDTH);
    }
    for (GateRule rule : gate.rules()) {
      DQRule parsed = RuleText.parse(rule.text()).rule();
      if (parsed != null) {
        estimate.add(parsed, rule.severity() == Severity.QUARANTINE);
      }
    }
    return new GateCost(
        gate.rules().size(),
        estimate.answered(),
        estimate.scans(),
        estimate.groupings(),
        estimate.own());
  }

  /** Passes over the rows, all together. */
  public int passes() {
    return scans + groupings.size() + own.size();
  }

  /** Such as {@code 12 rules: 3 from statistics, 1 scan, 1 grouping by customer_id}. */
  public String text() {
    List<String> parts = new ArrayList<>();
    if (statistics > 0) {
      parts.add(statistics + " from statistics");
    }
    if (scans > 0) {
      parts.add(counted(scans, "scan"));
    }
    if (!groupings.isEmpty()) {
      parts.add(counted(groupings.size(), "grouping") + " by " + String.join("; ", groupings));
    }
    for (String type : new TreeSet<>(own)) {
      long count = own.stream().filter(type::equals).count();
      parts.add(count + (count == 1 ? " pass of " : " passes of ") + type);
    }
    String all = parts.isEmpty() ? "nothing is read" : String.join(", ", parts);
    return counted(rules, "rule") + ": " + all;
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
