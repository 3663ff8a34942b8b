package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.GateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * Rules judged row by row: which rows break which rules.
 *
 * <p>It agrees with the judgement of the whole: once the broken rows are gone, a rule that still
 * has rows to judge holds. So a bound on a share says nothing here ({@code Completeness "age" >=
 * 0.9} is broken by every row without an age), all rows of a repeated key break its uniqueness, and
 * a row outside of a rule's filter never breaks it. Of {@code (A) and (B)} a row breaks the whole
 * if it breaks a part; of {@code (A) or (B)} if it breaks all parts.
 */
public final class RowRules {

  /** The column that {@link #mark} adds: the ids of the rules that a row breaks. */
  public static final String COLUMN = "_rules";

  private RowRules() {}

  /** Why a rule cannot be judged row by row; empty if it can. */
  public static Optional<String> refusal(GateRule rule) {
    RuleText.Parsed parsed = GateSyntax.read(rule.text(), null);
    DQRule sound = parsed.rule();
    if (sound == null || !parsed.faults().isEmpty()) {
      return Optional.of(
          parsed.faults().isEmpty() ? "it is no rule" : parsed.faults().get(0).toString());
    }
    return RowLevel.fault(sound).map(Fault::toString);
  }

  /** As {@link #mark(Dataset, List, GateContext)} where no rule looks at another dataset. */
  public static Dataset<Row> mark(Dataset<Row> rows, List<GateRule> rules) {
    return mark(rows, rules, GateContext.NONE);
  }

  /**
   * The rows with one more column, {@value #COLUMN}: an array of the ids of the rules that the row
   * breaks, in the order of the rules, empty if there are none. Nothing runs before the result is
   * read. No row is blamed for a rule that cannot be evaluated (an unknown column, a missing
   * reference) or not row by row: such a rule fails as a whole when it is judged.
   *
   * @param rows rows without a column of that name
   * @param rules rules for which {@link #refusal} is empty
   * @param context where rules find other datasets
   */
  public static Dataset<Row> mark(Dataset<Row> rows, List<GateRule> rules, GateContext context) {
    if (Columns.find(rows.schema(), COLUMN).isPresent()) {
      throw new IllegalArgumentException("the rows have a column " + COLUMN + " already");
    }
    RowBreaks breaks = new RowBreaks(rows, context);
    List<Column> broken = new ArrayList<>();
    for (GateRule rule : rules) {
      test(rule, rows, breaks).ifPresent(test -> broken.add(when(test, lit(rule.id()))));
    }
    List<Column> all = new ArrayList<>();
    Arrays.stream(rows.columns()).map(Columns::named).forEach(all::add);
    Column marks = broken.isEmpty() ? array() : array_compact(array(broken.toArray(new Column[0])));
    all.add(marks.cast(DataTypes.createArrayType(DataTypes.StringType)).as(COLUMN));
    return breaks.prepared().select(all.toArray(new Column[0]));
  }

  /** Whether a row breaks a rule; empty if that cannot be told. */
  private static Optional<Column> test(GateRule rule, Dataset<Row> rows, RowBreaks breaks) {
    RuleText.Parsed parsed = GateSyntax.read(rule.text(), rows.schema());
    DQRule sound = parsed.rule();
    if (sound == null || !parsed.faults().isEmpty() || RowLevel.fault(sound).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(breaks.of(sound));
    } catch (Exception e) {
      if (e instanceof AnalysisException || e instanceof References.Missing) {
        return Optional.empty();
      }
      throw Failures.unchecked(e);
    }
  }
}
