package io.mlpipeline.spark.table;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputSpec;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database. The bounds of the parts are the pipeline's, so that they are the same every
 * time; a row outside them is read all the same, by the first or the last part.
 */
final class JdbcRows {

  private static final Map<String, String> NAMES =
      Map.of(
          "user", "user",
          "driver", "driver",
          "fetch-size", "fetchsize",
          "partition-column", "partitionColumn",
          "lower", "lowerBound",
          "upper", "upperBound",
          "partitions", "numPartitions");

  private JdbcRows() {}

  /** The rows, lazily; the connection is tried at once, for the columns. */
  static Dataset<Row> read(SparkSession spark, InputSpec input) {
    return read(spark, input, System::getenv);
  }

  static Dataset<Row> read(
      SparkSession spark, InputSpec input, Function<String, @Nullable String> environment) {
    DataFrameReader reader =
        spark.read().format("jdbc").options(options(input)).option("url", input.location());
    if (!input.options().containsKey("driver")) {
      Optional<String> driver =
          driver(input.location(), Thread.currentThread().getContextClassLoader());
      reader = driver.isPresent() ? reader.option("driver", driver.get()) : reader;
    }
    String variable = input.options().get("password-env");
    if (variable != null) {
      String password = environment.apply(variable);
      if (password == null) {
        throw new EngineException(
            ErrorType.ENVIRONMENT_INVALID,
            "input %s: the environment has no variable %s, which password-env names"
                .formatted(input.name(), variable));
      }
      reader = reader.option("password", password);
    }
    try {
      return inUtc(reader.load());
    } catch (RuntimeException e) {
      throw failed(input, e, e);
    } catch (Exception e) { // SQLException, which Scala does not declare
      throw failed(input, e, e);
    }
  }

  /**
   * A time without a zone is UTC, as in files, and not what the JVM's own zone would make of it.
   */
  private static Dataset<Row> inUtc(Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (StructField field : rows.schema().fields()) {
      if (field.dataType().equals(DataTypes.TimestampNTZType)) {
        Column column = rows.col(Contract.quoted(field.name()));
        result = result.withColumn(field.name(), column.cast(DataTypes.TimestampType));
      }
    }
    return result;
  }

  /**
   * The class of the driver that knows a URL. Java's own list has those of the class path only, and
   * a user's driver comes in a jar beside it.
   */
  static Optional<String> driver(String url, ClassLoader loader) {
    Iterator<Driver> drivers = ServiceLoader.load(Driver.class, loader).iterator();
    while (true) {
      try {
        if (!drivers.hasNext()) {
          return Optional.empty();
        }
        Driver driver = drivers.next();
        if (driver.acceptsURL(url)) {
          return Optional.of(driver.getClass().getName());
        }
      } catch (ServiceConfigurationError | SQLException e) {
        // Somebody else's broken driver is no reason not to find ours.
      }
    }
  }

  private static SortedMap<String, String> options(InputSpec input) {
    SortedMap<String, String> options = new TreeMap<>();
    NAMES.forEach(
        (ours, spark) -> {
          String value = input.options().get(ours);
          if (value != null) {
            options.put(spark, value);
          }
        });
    options.put("preferTimestampNTZ", "true");
    String query = input.options().get("query");
    // Spark refuses its own option "query" beside a partition column.
    String asked = query == null ? input.options().get("table") : "(" + query + ") mlpipeline_rows";
    options.put("dbtable", asked);
    return options;
  }

  private static EngineException failed(InputSpec input, Throwable seen, Exception cause) {
    String message = String.valueOf(seen.getMessage());
    if (message.contains("No suitable driver") || seen instanceof ClassNotFoundException) {
      return new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "input %s: no JDBC driver here knows %s; add its jar with --jars"
              .formatted(input.name(), input.location()),
          cause);
    }
    boolean refused = message.contains("authentication") || message.contains("permission denied");
    return new EngineException(
        refused ? ErrorType.ACCESS_DENIED : ErrorType.STORAGE_UNAVAILABLE,
        "input %s: the database %s did not answer: %s"
            .formatted(input.name(), input.location(), message.lines().findFirst().orElse("")),
        cause);
  }
}
