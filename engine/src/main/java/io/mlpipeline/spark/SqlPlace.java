package io.mlpipeline.spark;

import java.util.List;
import java.util.Map;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.trees.SQLQueryContext;
import org.jspecify.annotations.Nullable;
import scala.Option;

/** The query that a failure is about, and where in it, as far as Spark tells. Pure. */
final class SqlPlace {

  private static final int LONGEST = 1_000;

  private SqlPlace() {}

  /** Adds {@code sql} and {@code sql-at}, such as {@code line 3, position 12}. */
  static void describe(List<Throwable> chain, Map<String, String> diagnostics) {
    for (Throwable one : chain) {
      if (one instanceof AnalysisException wrong && wrong.line().isDefined()) {
        String position =
            wrong.startPosition().isDefined() ? "" + wrong.startPosition().get() : "?";
        diagnostics.put("sql-at", "line " + wrong.line().get() + ", position " + position);
      }
      if (one instanceof ParseException wrong) {
        put(diagnostics, wrong.command());
      } else if (one instanceof SparkThrowable spark) {
        context(spark, diagnostics);
      }
    }
  }

  private static void context(SparkThrowable spark, Map<String, String> diagnostics) {
    QueryContext @Nullable [] contexts = spark.getQueryContext();
    if (contexts == null || contexts.length == 0) {
      return;
    }
    if (contexts[0] instanceof SQLQueryContext sql) {
      put(diagnostics, sql.sqlText());
      if (sql.line().isDefined() && sql.startPosition().isDefined()) {
        diagnostics.putIfAbsent(
            "sql-at", "line " + sql.line().get() + ", position " + sql.startPosition().get());
      }
    }
  }

  private static void put(Map<String, String> diagnostics, Option<String> sql) {
    if (sql.isDefined()) {
      String text = sql.get().strip();
      diagnostics.putIfAbsent(
          "sql", text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...");
    }
  }
}
