package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Verdict;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.glue.dqdl.model.DQRule;

/** What rules such as {@code RowCount > avg(last(10))} expect after a past. */
class PastOperandsTest {

  private static final String ROWS = "Dataset.*.RowCount";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the past is 10 20 30 40, oldest first
        "> last() | > 40 (by 1 run)",
        "> last() - 5 | > 35 (by 1 run)",
        "> avg(last(10)) * 0.8 | > 20 (by 4 runs)",
        "> avg(last(2)) | > 35 (by 2 runs)",
        ">= min(last(3)) | >= 20 (by 3 runs)",
        "< max(last(3)) + 1 | < 41 (by 3 runs)",
        "<= sum(last(2)) | <= 70 (by 2 runs)",
        "< std(last(2)) | < 7.07107 (by 2 runs)",
        "< median(last(3)) | < 30 (by 3 runs)",
        "< percentile(last(4), 50) | < 20 (by 4 runs)",
        "< percentile(last(4), 51) | < 30 (by 4 runs)",
        "< percentile(last(4), 0) | < 10 (by 4 runs)",
        "= index(last(4), 0) | = 40 (by 4 runs)",
        "!= index(last(4), 3) | != 10 (by 4 runs)",
        "between avg(last(4)) - 3 * std(last(2)) and avg(last(4)) + 3 * std(last(2)) | between 3.7868 and 46.2132 (by 4 runs)",
        "> 1 + 2 * last() / 4 - 1 | > 20 (by 1 run)",
        "> (1 + 2) * (last() - 30) | > 30 (by 1 run)",
        "in [last(), min(last(4))] | in [40, 10] (by 4 runs)",
        "not between min(last(2)) and max(last(2)) | not between 30 and 40 (by 2 runs)",
        "> 5 / (last() - 40) | the bound cannot be computed (by 1 run)",
        "> sum(last(5)) | not judged yet: has 4 of 5 runs",
        "> index(last(9), 4) | not judged yet: has 4 of 5 runs",
        "> avg(last(2)) with min_runs = 6 | not judged yet: has 4 of 6 runs",
      })
  void expects(String condition, String words) {
    assertThat(expectation("RowCount " + condition, 10, 20, 30, 40).words()).endsWith(words);
  }

  @Test
  void waitsForTwoRunsWhereOneTellsNothing() {
    for (String function : List.of("avg", "std", "median", "min", "max")) {
      Expectation one = expectation("RowCount > " + function + "(last(5))", 7);
      assertThat(one.note()).as(function).isEqualTo("not judged yet: has 1 of 2 runs");
      assertThat(one.holds().test(-1)).isTrue();
    }
    assertThat(expectation("RowCount > std(last(1))", 7).note()).contains("has 1 of 2");
    assertThat(expectation("RowCount > avg(last(1))", 7).note()).isNull();
    assertThat(expectation("RowCount > last()").note()).contains("has 0 of 1 run");
  }

  @Test
  void judgesByTheComputedBound() {
    Expectation least = expectation("RowCount > avg(last(4)) * 0.8", 10, 20, 30, 40);
    assertThat(least.holds().test(20)).isFalse();
    assertThat(least.holds().test(20.1)).isTrue();
    assertThat(least.lower()).isEqualTo(20);
    assertThat(least.upper()).isNull();
    Expectation both = expectation("RowCount between last() - 1 and last() + 1", 10);
    assertThat(both.lower()).isEqualTo(9);
    assertThat(both.upper()).isEqualTo(11);
    assertThat(both.holds().test(9)).isFalse();
  }

  @Test
  void leavesOutItselfAndWhatWasNoNumber() {
    List<Measurement> past = new ArrayList<>();
    past.add(point("mine", 1000));
    past.add(point("c3", Double.NaN));
    past.add(point("c2", 20));
    past.add(
        new Measurement("p", "d", "r", "a", Instant.EPOCH, "c1", Verdict.PASS, new TreeMap<>()));
    past.add(point("c0", 10));
    History history = new History(context(past));
    history.judging("mine");
    assertThat(history.values(ROWS, 9)).containsExactly(10.0, 20.0);
    assertThat(history.values(ROWS, 1)).containsExactly(20.0);
    assertThat(history.values(ROWS + ".lower", 9)).isEmpty();
  }

  private static Expectation expectation(String rule, double... past) {
    DQRule parsed = RuleText.parse(rule).rule();
    List<Measurement> points = new ArrayList<>();
    Arrays.stream(past).forEach(value -> points.add(0, point("c" + points.size(), value)));
    int minRuns = Integer.parseInt(parsed.getTags().getOrDefault("min_runs", "0"));
    return Operands.expectation(parsed, new History(context(points)), ROWS, minRuns);
  }

  private static Measurement point(String content, double rows) {
    return new Measurement(
        "p",
        "d",
        "r",
        "a",
        Instant.EPOCH,
        content,
        Verdict.PASS,
        new TreeMap<>(Map.of(ROWS, rows)));
  }

  /** A context that knows a past and nothing else. */
  static GateContext context(List<Measurement> past) {
    return (GateContext)
        Proxy.newProxyInstance(
            GateContext.class.getClassLoader(),
            new Class<?>[] {GateContext.class},
            (proxy, method, args) ->
                method.getName().equals("past") ? past : method.invoke(GateContext.NONE, args));
  }
}
