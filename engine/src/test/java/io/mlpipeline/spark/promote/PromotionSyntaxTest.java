package io.mlpipeline.spark.promote;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.ModelPolicy.Automatic;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.model.SourceLocation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromotionSyntaxTest {

  private static final SourceLocation AT = new SourceLocation("conf/pipelines/churn.conf", 7);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "candidate.auc_roc >= coalesce(champion.auc_roc - 0.005, 0.75)",
        "forall(slices, s -> s.auc_roc >= 0.65)",
        "candidate.demographic_parity_gap_region <= 0.1",
        "latency.p95_ms_per_1k_rows <= 200",
        "candidate['auc_roc'] between 0.7 and 1",
        "size(slices) >= 3 and slices[0].auc_roc > 0.6",
        "array_min(slices.auc_roc) > 0.6",
        "forall(filter(slices, s -> s.rows > 100), s -> s.auc_roc >= candidate.auc_roc - 0.1)",
        "aggregate(slices, 0D, (acc, s) -> acc + s.auc_roc, acc -> acc / size(slices)) > 0.7",
        "case when champion.auc_roc is null then candidate.auc_roc > 0.7 else true end",
        "not exists(slices, s -> s.slice like 'plan=%' and s.auc_roc < 0.6)",
        "cast(candidate.f1 as decimal(4,2)) in (0.75, 0.76) or least(candidate.f1, 1) > 0.9",
      })
  void takesExpressionsOverMetrics(String rule) {
    assertThat(problems(rule)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "candidate.auc_roc >=                        | it is no SQL",
        "drop table churn                            | it is no SQL",
        "auc_roc >= 0.7                              | 'auc_roc' is not known (a rule sees",
        "candiate.auc_roc >= 0.7                     | did you mean 'candidate'?",
        "candidate > 0.7                             | 'candidate' names no metric",
        "candidate.auc.roc > 0.7                     | 'candidate.auc.roc' names no metric",
        "candidate.* is not null                     | a rule is a condition, without a name",
        "candidate.f1 > 0.7 as good                  | a rule is a condition, without a name",
        "(select max(f1) from x) > 0.7               | a rule holds no query",
        "candidate.f1 in (select f1 from x)          | a rule holds no query",
        "exists (select 1)                           | a rule holds no query",
        "max(candidate.f1) > 0.7                     | max aggregates rows, and a rule sees one",
        "any_value(candidate.f1) > 0.7               | ggregates",
        "sum(candidate.f1) over () > 0.7             | a rule sees one row",
        "explode(slices).f1 > 0.7                    | explode is not for rules",
        "rand() > 0.5                                | rand gives another answer every time",
        "candidate.f1 > 0.7 or shuffle(slices)[0].f1 > 0 | shuffle gives another answer",
        "uuid() = 'x'                                | uuid is not for rules",
        "current_date > date'2024-01-01'             | 'current_date' is not known",
        "current_date() > date'2024-01-01'           | current_date is about time",
        "now() > candidate.f1                        | now is about time",
        "reflect('java.lang.System', 'exit', 1) = '' | reflect is not for rules",
        "java_method('a.B', 'c') = ''                | java_method is not for rules",
        "forall(slices, s -> java_method('a.B', s.slice) = '') | java_method is not for rules",
        "version() = '3.5'                           | version is not for rules",
        "current_user() = 'bob'                      | current_user is not for rules",
        "raise_error('x') is null                    | raise_error is not for rules",
        "coalesc(champion.f1, 1) > 0.7               | there is no function coalesc in Spark SQL",
        "coalesc(champion.f1, 1) > 0.7               | did you mean 'coalesce'?",
        "spark_catalog.default.f(1)                  | there is no function",
        "count(distinct candidate.f1) = 1            | count aggregates rows",
        "candidate.f1 > :limit                       | ",
      })
  void refusesWhatIsMoreThanThat(String rule, String message) {
    assertThat(problems(rule))
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.at()).isEqualTo(AT))
        .anySatisfy(p -> assertThat(p.toString()).contains(message == null ? "" : message));
  }

  @Test
  void looksAtBothGates() {
    PromotionGate bad =
        new PromotionGate(List.of(new PromotionRule("x > 1", AT)), null, Approval.NONE);
    ModelPolicy policy =
        new ModelPolicy(
            "churn",
            bad,
            new PromotionGate(rules("y > 1"), null, Approval.NONE),
            Automatic.NONE,
            AT);

    assertThat(PromotionSyntax.problems(policy)).hasSize(2);
  }

  private static List<PromotionRule> rules(String text) {
    return List.of(new PromotionRule(text, AT));
  }

  private static List<Problem> problems(String rule) {
    PromotionGate gate = new PromotionGate(rules(rule), null, Approval.NONE);
    return PromotionSyntax.problems(
        new ModelPolicy("churn", gate, PromotionGate.OPEN, Automatic.NONE, AT));
  }
}
