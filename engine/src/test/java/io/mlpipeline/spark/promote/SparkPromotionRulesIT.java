package io.mlpipeline.spark.promote;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Evidence.Measured;
import io.mlpipeline.registry.Evidence.Subject;
import io.mlpipeline.testkit.TestSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkPromotionRulesIT {

  private final List<Measured> measured = new ArrayList<>();
  private @Nullable String champion;

  private SparkPromotionRulesIT candidate(String metric, double value) {
    return add(Subject.CANDIDATE, Evidence.ALL, metric, value);
  }

  private SparkPromotionRulesIT champion(String metric, double value) {
    champion = "m1:old";
    return add(Subject.CHAMPION, Evidence.ALL, metric, value);
  }

  private SparkPromotionRulesIT slice(String slice, String metric, double value) {
    return add(Subject.CANDIDATE, slice, metric, value);
  }

  private SparkPromotionRulesIT small(String slice, String metric, double value) {
    measured.add(new Measured(Subject.CANDIDATE, slice, metric, value, 5, true));
    return this;
  }

  private SparkPromotionRulesIT add(Subject subject, String slice, String metric, double value) {
    measured.add(new Measured(subject, slice, metric, value, 100, false));
    return this;
  }

  private List<Decided> decide(String... rules) {
    List<PromotionRule> all =
        Arrays.stream(rules).map(r -> new PromotionRule(r, SourceLocation.UNKNOWN)).toList();
    return new SparkPromotionRules(TestSpark.session())
        .decide(all, new Evidence("m1:new", champion, "c1:1:ab", measured));
  }

  private Decided one(String rule) {
    return decide(rule).get(0);
  }

  @Test
  void comparesWithTheChampionAndSaysWhatItSaw() {
    candidate("auc_roc", 0.84).champion("auc_roc", 0.842);

    Decided decided = one("candidate.auc_roc >= coalesce(champion.auc_roc - 0.005, 0.75)");

    assertThat(decided.passed()).isTrue();
    assertThat(decided.message()).isNull();
    assertThat(decided.observed())
        .containsEntry("candidate.auc_roc", 0.84)
        .containsEntry("champion.auc_roc", 0.842)
        .hasSize(2);
    assertThat(one("candidate.auc_roc >= champion.auc_roc").message()).isEqualTo("it is false");
  }

  @Test
  void hasNullForAChampionThatIsNotThere() {
    candidate("auc_roc", 0.76);

    assertThat(one("candidate.auc_roc >= coalesce(champion.auc_roc - 0.005, 0.75)").passed())
        .isTrue();
    assertThat(one("candidate.auc_roc >= champion.auc_roc").message())
        .startsWith("it gives null, which is no pass (write coalesce(champion");
  }

  @Test
  void findsASlipInAChampionsMetricWithoutAChampion() {
    candidate("auc_roc", 0.76);

    assertThat(one("candidate.auc_roc >= coalesce(champion.auc_rocc, 0.75)").message())
        .isEqualTo("champion.auc_rocc was not measured (did you mean 'auc_roc'?)");
  }

  @Test
  void needsTheChampionsMetricWhereThereIsAChampion() {
    candidate("auc_roc", 0.76).candidate("f1", 0.5).champion("auc_roc", 0.9);

    assertThat(one("candidate.f1 >= coalesce(champion.f1, 0.4)").message())
        .startsWith("champion.f1 was not measured");
  }

  @Test
  void evaluatesNothingIfAnythingIsMissing() {
    candidate("auc_roc", 0.76);

    List<Decided> decided =
        decide("candidate.auc_roc > 0.5", "candidate.auc_ro > 0.5", "latency.p95 < 200");

    assertThat(decided).noneMatch(Decided::passed);
    assertThat(decided)
        .extracting(Decided::message)
        .containsExactly(
            "not evaluated: another rule cannot be",
            "candidate.auc_ro was not measured (did you mean 'auc_roc'?)",
            "latency.p95 was not measured (nothing was measured of it)");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void refusesWhatIsNotFinite(double value) {
    candidate("auc_roc", value);

    Decided decided = one("candidate.auc_roc >= 0.75 or true");

    assertThat(decided.passed()).isFalse();
    assertThat(decided.message()).startsWith("candidate.auc_roc is " + value);
    assertThat(decided.observed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqrt(candidate.a - 2) >= 0.75",
        "double('NaN') > candidate.a",
        "not (acos(candidate.a + 5) < 0.75)",
        "forall(slices, s -> sqrt(s.a - 2) >= 0.75)",
        "candidate.a / 0 > 1",
        "log(candidate.a - 1) > 1",
      })
  void doesNotPassWhatIsNoNumberOnTheWay(String rule) {
    candidate("a", 1).slice("plan=basic", "a", 1);

    assertThat(one(rule).passed()).isFalse();
    assertThat(one(rule).message()).contains("null");
  }

  @Test
  void namesTheSlicesForWhichARuleIsFalse() {
    candidate("auc_roc", 0.8)
        .slice("plan=basic", "auc_roc", 0.61)
        .slice("plan=gold", "auc_roc", 0.81)
        .small("plan=rare", "auc_roc", 0.1);

    Decided decided = one("forall(slices, s -> s.auc_roc >= 0.65)");

    assertThat(decided.message()).isEqualTo("it is false for plan=basic (auc_roc 0.6100)");
    assertThat(decided.observed())
        .containsOnlyKeys("slices[plan=basic].auc_roc", "slices[plan=gold].auc_roc");
    assertThat(one("forall(slices, s -> s.auc_roc >= 0.6)").passed()).isTrue();
    assertThat(one("array_min(slices.auc_roc) >= 0.6 and size(slices) = 2").passed()).isTrue();
    assertThat(one("forall(slices, s -> s.rows = 100 and s.slice like 'plan=%')").passed())
        .isTrue();
  }

  @Test
  void refusesARuleOnSlicesWhereThereAreNone() {
    candidate("auc_roc", 0.8);
    assertThat(one("forall(slices, s -> s.auc_roc >= 0.65)").message())
        .startsWith("no slice was measured");

    small("plan=rare", "auc_roc", 0.9);
    assertThat(one("forall(slices, s -> s.auc_roc >= 0.65)").message())
        .startsWith("no slice has enough rows to be judged by: plan=rare is small");
  }

  @Test
  void namesTheSliceThatLacksAMetric() {
    slice("plan=basic", "auc_roc", 0.61).slice("plan=gold", "f1", 0.81);

    assertThat(one("forall(slices, s -> s.auc_roc >= 0.65)").message())
        .isEqualTo("auc_roc of slice plan=gold was not measured (measured are f1)");
    assertThat(one("forall(slices, s -> s.auc_rox >= 0.65)").message())
        .startsWith("auc_rox of slice plan=basic was not measured (did you mean 'auc_roc'?)");
  }

  @Test
  void saysWhatIsNoCondition() {
    candidate("auc_roc", 0.8).slice("a=1", "auc_roc", 0.7);

    assertThat(one("candidate.auc_roc").message()).isEqualTo("it gives double, not true or false");
    assertThat(one("candidate.auc_roc > slices").message()).startsWith("it cannot be evaluated: ");
    assertThat(one("element_at(slices, 0).auc_roc > 0").message())
        .startsWith("it cannot be evaluated: ");
    assertThat(one("drop table x").message()).startsWith("it is no SQL: ");
  }

  @Test
  void doesNotMindCaseAndFindsTheLatency() {
    candidate("gap_SeniorCitizen", 0.05)
        .add(Subject.CANDIDATE, Evidence.LATENCY, "p95_ms_per_1k_rows", 120);

    assertThat(one("CANDIDATE.Gap_SeniorCitizen <= 0.1").passed()).isTrue();
    assertThat(one("latency.p95_ms_per_1k_rows <= 200").passed()).isTrue();
    assertThat(one("latency.p95_ms_per_1k_rows <= 100").message()).isEqualTo("it is false");
  }

  @Test
  void pointsToTheGainRuleWhereThereIsNoChampion() {
    candidate("auc_roc", 0.8);

    assertThat(one("candidate.auc_roc_gain_low >= 0").message()).contains("write 'gain'");
  }
}
