package io.mlpipeline.spark.gate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.catalog.TemporaryViewRelation;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import scala.Option;

/**
 * A query over the judged rows as {@code primary}, and other datasets by their names, that gives
 * one number. The views exist while the query is resolved and no longer; views of those names that
 * were there before are put back.
 */
final class CustomSql implements Supplier<Reading> {

  private static final String PRIMARY = "primary";

  private final Dataset<Row> rows;
  private final String query;
  private final GateContext context;

  CustomSql(Dataset<Row> rows, String query, GateContext context) {
    this.rows = rows;
    this.query = query;
    this.context = context;
  }

  @Override
  public Reading get() {
    return Reading.attempt(
        () -> {
          Dataset<Row> result = resolved();
          return result.columns().length == 1
              ? number(result)
              : Reading.failed("the query gives " + result.columns().length + " columns, not one");
        });
  }

  /** Every table that the query reads is one of ours: nothing of the session is in sight. */
  private Dataset<Row> resolved() {
    Map<String, Dataset<Row>> views = new LinkedHashMap<>();
    views.put(PRIMARY, rows);
    for (String name : SqlRefusals.relations(query)) {
      views.put(name, References.rows(context, name));
    }
    SparkSession session = rows.sparkSession();
    SessionCatalog catalog = session.sessionState().catalog();
    synchronized (catalog) {
      Map<String, Option<TemporaryViewRelation>> before = new LinkedHashMap<>();
      try {
        views.forEach(
            (name, view) -> {
              before.put(name, catalog.getRawTempView(name));
              view.createOrReplaceTempView(Columns.quoted(name));
            });
        return session.sql(query);
      } finally {
        before.forEach((name, view) -> putBack(catalog, name, view));
      }
    }
  }

  private static void putBack(
      SessionCatalog catalog, String name, Option<TemporaryViewRelation> before) {
    catalog.dropTempView(name);
    if (before.isDefined()) {
      catalog.createTempView(name, before.get(), true);
    }
  }

  private static Reading number(Dataset<Row> result) {
    DataType type = result.schema().fields()[0].dataType();
    if (!(type instanceof NumericType) && !(type instanceof BooleanType)) {
      return Reading.failed("the query gives " + type.catalogString() + ", not a number");
    }
    List<Row> found = result.takeAsList(2);
    if (found.size() != 1) {
      return Reading.failed("the query gives " + (found.isEmpty() ? "no row" : "several rows"));
    }
    Object value = found.get(0).get(0);
    if (value == null) {
      return Reading.failed("the query gives null, not a number");
    }
    return value instanceof Boolean is
        ? Reading.of(is ? 1 : 0)
        : Reading.of(((Number) value).doubleValue());
  }
}
