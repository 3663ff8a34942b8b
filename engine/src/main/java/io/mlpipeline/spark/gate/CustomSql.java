package io.mlpipeline.spark.gate;

import java.util.List;
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
 * A query over the judged rows as {@code primary} that gives one number. The view exists while the
 * query is resolved and no longer; a view of that name that was there before is put back.
 */
final class CustomSql implements Supplier<Reading> {

  private static final String PRIMARY = "primary";

  private final Dataset<Row> rows;
  private final String query;

  CustomSql(Dataset<Row> rows, String query) {
    this.rows = rows;
    this.query = query;
  }

  @Override
  public Reading get() {
    try {
      Dataset<Row> result = resolved();
      return result.columns().length == 1
          ? number(result)
          : Reading.failed("the query gives " + result.columns().length + " columns, not one");
    } catch (Exception e) {
      if (!Failures.isOfTheRule(e)) {
        throw Failures.unchecked(e);
      }
      return Reading.failed(Failures.words(e));
    }
  }

  private Dataset<Row> resolved() {
    SparkSession session = rows.sparkSession();
    SessionCatalog catalog = session.sessionState().catalog();
    synchronized (catalog) {
      Option<TemporaryViewRelation> before = catalog.getRawTempView(PRIMARY);
      rows.createOrReplaceTempView(PRIMARY);
      try {
        return session.sql(query);
      } finally {
        catalog.dropTempView(PRIMARY);
        if (before.isDefined()) {
          catalog.createTempView(PRIMARY, before.get(), true);
        }
      }
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
