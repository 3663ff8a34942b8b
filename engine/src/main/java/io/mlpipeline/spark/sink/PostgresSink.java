package io.mlpipeline.spark.sink;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.SinkSpec;
import io.mlpipeline.port.Delivered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCOptions;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * Delivers a published table to PostgreSQL.
 *
 * <p>Rows are written, by as many connections as there are tasks, into a table of their own beside
 * the sink's ({@code <table>__mlpipeline_<attempt>}) and counted there. One transaction then
 * upserts all of them, notes the version in {@code mlpipeline_deliveries}, and drops the stage.
 * Readers see all of a version or nothing of it. Rows that are not in the version stay: an upsert
 * deletes nothing.
 *
 * <p>A delivery whose content stands in that note is not repeated, so a lost answer does no harm;
 * to have it repeated, delete the note. Deliveries to one table wait for each other. What a killed
 * one left behind is removed by the next.
 */
public final class PostgresSink {

  /** More connections than this would be unkind to a database that others use. */
  private static final int CONNECTIONS = 8;

  private final Delivery delivery;
  private final SortedMap<String, String> options;
  private final String what;

  private PostgresSink(Delivery delivery, Function<String, @Nullable String> environment) {
    this.delivery = delivery;
    this.options = options(delivery, environment);
    this.what =
        "output "
            + delivery.version().name()
            + " cannot be delivered to "
            + delivery.sink().table()
            + " in "
            + delivery.sink().url();
  }

  /**
   * Delivers the rows, with the password that the environment holds.
   *
   * @param rows exactly the rows of the version
   * @throws EngineException ACCESS_DENIED, CONTRACT_BROKEN, ENVIRONMENT_INVALID, PUBLISH_CONFLICT
   *     or STORAGE_UNAVAILABLE; nothing of the version is in the sink's table then
   */
  public static Delivered deliver(Dataset<Row> rows, Delivery delivery) {
    return deliver(rows, delivery, System::getenv);
  }

  static Delivered deliver(
      Dataset<Row> rows, Delivery delivery, Function<String, @Nullable String> environment) {
    return new PostgresSink(delivery, environment).deliver(rows);
  }

  private static SortedMap<String, String> options(
      Delivery delivery, Function<String, @Nullable String> environment) {
    SinkSpec sink = delivery.sink();
    SortedMap<String, String> options = new TreeMap<>();
    options.put("url", sink.url());
    options.put("driver", sink.driver() == null ? "org.postgresql.Driver" : sink.driver());
    options.put("ApplicationName", "mlpipeline " + delivery.attempt());
    options.put("connectTimeout", "15");
    options.put("tcpKeepAlive", "true");
    options.put("reWriteBatchedInserts", "true");
    options.put("logServerErrorDetail", "false"); // it would show rows
    options.put("numPartitions", Integer.toString(CONNECTIONS));
    if (sink.user() != null) {
      options.put("user", sink.user());
    }
    String variable = sink.passwordEnv();
    if (variable != null) {
      String password = environment.apply(variable);
      if (password == null) {
        throw new EngineException(
            ErrorType.ENVIRONMENT_INVALID,
            "output %s: the environment has no variable %s, which password-env of its sink names"
                .formatted(delivery.version().name(), variable));
      }
      options.put("password", password);
    }
    return options;
  }

  private Delivered deliver(Dataset<Row> rows) {
    try (Connection connection = open()) {
      return deliver(rows, connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private Delivered deliver(Dataset<Row> rows, Connection connection) throws SQLException {
    PostgresSession session = PostgresSession.open(connection, delivery, rows.schema());
    if (session.holdsAlready()) {
      return new Delivered(delivery.version().rows(), 0);
    }
    session.createStage();
    try {
      write(rows, session.table().quoted(session.table().stage(delivery.attempt())));
      session.requireAllStaged();
      return new Delivered(delivery.version().rows(), commit(session));
    } catch (Throwable e) { // Spark throws checked exceptions that it does not declare
      session.dropStageQuietly();
      throw e;
    }
  }

  private void write(Dataset<Row> rows, String table) {
    try {
      rows.write()
          .format("jdbc")
          .options(options)
          .option("dbtable", table)
          .mode(SaveMode.Append)
          .save();
    } catch (RuntimeException e) {
      throw SqlFailures.of(what, e).<RuntimeException>map(known -> known).orElse(e);
    } catch (Exception e) { // SparkException and SQLException, which Scala does not declare
      throw SqlFailures.of(what, e)
          .<RuntimeException>map(known -> known)
          .orElseGet(() -> new IllegalStateException(e));
    }
  }

  /** If the answer to the commit is lost, the note in the database says what came of it. */
  private long commit(PostgresSession session) throws SQLException {
    long changed = session.upsert();
    try {
      session.commit();
      return changed;
    } catch (SQLException lost) {
      if (isCommitted(session.table(), lost)) {
        return changed;
      }
      throw lost;
    }
  }

  private boolean isCommitted(PostgresTable table, SQLException lost) {
    try (Connection again = open()) {
      return PostgresSession.isNoted(again, table, delivery);
    } catch (SQLException e) {
      lost.addSuppressed(e);
      return false; // the next run asks again before it sends anything
    }
  }

  private Connection open() throws SQLException {
    String url = delivery.sink().url();
    try {
      JDBCOptions jdbc =
          new JDBCOptions(
              url,
              delivery.sink().table(),
              scala.collection.immutable.Map$.MODULE$
                  .<String, String>empty()
                  .$plus$plus(JavaConverters.mapAsScalaMap(options)));
      return JdbcDialects.get(url).createConnectionFactory(jdbc).apply(-1);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // SQLException and ClassNotFoundException, which Scala does not declare
      if (e instanceof SQLException sql && !isWithoutDriver(e)) {
        throw sql;
      }
      throw withoutDriver(e);
    }
  }

  private static boolean isWithoutDriver(Exception e) {
    return String.valueOf(e.getMessage()).contains("No suitable driver");
  }

  private EngineException withoutDriver(Exception e) {
    return new EngineException(
        ErrorType.ENVIRONMENT_INVALID,
        what
            + ": there is no class "
            + options.get("driver")
            + "; add the driver's jar with --jars",
        e);
  }

  private EngineException failed(SQLException e) {
    return SqlFailures.of(what, e).orElseThrow(() -> new IllegalStateException(e));
  }
}
