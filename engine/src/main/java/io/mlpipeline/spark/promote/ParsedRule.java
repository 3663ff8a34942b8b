package io.mlpipeline.spark.promote;

import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.spark.gate.SqlRefusals;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * A rule as Spark's parser reads it.
 *
 * @param rule as it was written
 * @param expression what it means; null if it is no SQL
 * @param metrics the metrics that it names
 * @param seesSlices whether it looks at the slices
 * @param faults why it is refused; empty if it is not
 */
record ParsedRule(
    PromotionRule rule,
    @Nullable Expression expression,
    SortedSet<NamedMetric> metrics,
    boolean seesSlices,
    List<Fault> faults) {

  static ParsedRule of(PromotionRule rule) {
    Expression expression;
    try {
      expression = new CatalystSqlParser().parseExpression(rule.text());
    } catch (Exception e) {
      Fault fault = new Fault("it is no SQL: " + SqlRefusals.firstLine(e), null);
      return new ParsedRule(rule, null, new TreeSet<>(), false, List.of(fault));
    }
    RuleWalk walk = new RuleWalk();
    walk.start(expression);
    return new ParsedRule(rule, expression, walk.metrics(), walk.seesSlices(), walk.faults());
  }

  boolean isSound() {
    return expression != null && faults.isEmpty();
  }

  /**
   * Whether it asks the same of each slice and of nothing else, so that one slice can be blamed.
   */
  boolean isForAllSlices() {
    return expression instanceof UnresolvedFunction function
        && function.nameParts().last().equalsIgnoreCase("forall")
        && function.arguments().head() instanceof UnresolvedAttribute;
  }

  /**
   * What is evaluated. To Spark SQL, NaN is larger than every number: {@code sqrt(-1) >= 0.75} is
   * true. Here, a comparison with NaN is null.
   */
  Column column() {
    if (expression == null) {
      throw new IllegalStateException("no SQL: " + rule.text());
    }
    return new Column(guarded(expression));
  }

  private static Expression guarded(Expression node) {
    Expression inner = node.mapChildren(ParsedRule::guarded);
    if (!(inner instanceof BinaryComparison comparison)) {
      return inner;
    }
    return functions
        .when(isNan(comparison.left()).or(isNan(comparison.right())), functions.lit(null))
        .otherwise(new Column(inner))
        .expr();
  }

  private static Column isNan(Expression side) {
    return functions.isnan(new Column(side).cast("double"));
  }
}
