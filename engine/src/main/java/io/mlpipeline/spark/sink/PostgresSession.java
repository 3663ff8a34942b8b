package io.mlpipeline.spark.sink;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One delivery's connection: it holds the lock of the table until it is closed. */
final class PostgresSession {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

  private final Connection connection;
  private final Delivery delivery;
  private final PostgresTable table;
  private final Map<String, String> there;

  private PostgresSession(
      Connection connection, Delivery delivery, PostgresTable table, Map<String, String> there) {
    this.connection = connection;
    this.delivery = delivery;
    this.table = table;
    this.there = there;
  }

  /**
   * Waits for the table's lock, and looks at what is there.
   *
   * @throws EngineException CONTRACT_BROKEN if the rows do not fit the table that is there
   */
  static PostgresSession open(Connection connection, Delivery delivery, StructType rows)
      throws SQLException {
    connection.setAutoCommit(true);
    PostgresTable table = table(connection, delivery, rows);
    lock(connection, table);
    Map<String, String> there = columns(connection, table);
    checkFits(delivery, table, there);
    return new PostgresSession(connection, delivery, table, there);
  }

  private static PostgresTable table(Connection connection, Delivery delivery, StructType rows)
      throws SQLException {
    String written = delivery.sink().table();
    int dot = written.indexOf('.');
    String schema = dot < 0 ? connection.getSchema() : written.substring(0, dot);
    if (schema == null) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "the search path of "
              + delivery.sink().url()
              + " has no schema for table "
              + written
              + ": write schema.table");
    }
    return PostgresTable.of(schema, written.substring(dot + 1), rows, delivery.keys());
  }

  /** A server that has not noticed yet that the former holder died is given a few seconds. */
  private static void lock(Connection connection, PostgresTable table) throws SQLException {
    execute(connection, "set lock_timeout = '10s'");
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_advisory_lock(hashtextextended(?, 0))")) {
      statement.setString(1, "mlpipeline " + table.quoted());
      statement.execute();
    }
    execute(connection, "set lock_timeout = 0");
  }

  private static Map<String, String> columns(Connection connection, PostgresTable table)
      throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a join"
                + " pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
                + " where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped"
                + " order by a.attnum")) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return columns;
  }

  private static void checkFits(Delivery delivery, PostgresTable table, Map<String, String> there) {
    List<String> problems = new ArrayList<>();
    table
        .columns()
        .forEach(
            (name, type) -> {
              String found = there.get(name);
              if (found == null && !there.isEmpty()) {
                problems.add("it has no column " + name + " (" + type + ")");
              } else if (found != null && !PostgresTypes.fits(type, found)) {
                problems.add("its column " + name + " is " + found + " and should be " + type);
              }
            });
    if (!problems.isEmpty()) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "table "
              + table.quoted()
              + " in "
              + delivery.sink().url()
              + " cannot hold output "
              + delivery.version().name()
              + ": "
              + String.join("; ", problems)
              + "; alter the table, or deliver to another one");
    }
  }

  PostgresTable table() {
    return table;
  }

  /** Whether this very content was the last to be delivered, and its table is still there. */
  boolean holdsAlready() throws SQLException {
    return !there.isEmpty() && isNoted(connection, table, delivery);
  }

  /** Whether the note in the database speaks of this content. */
  static boolean isNoted(Connection connection, PostgresTable table, Delivery delivery)
      throws SQLException {
    try (PreparedStatement exists = connection.prepareStatement("select to_regclass(?) is null")) {
      exists.setString(1, table.ledger());
      if (isTrue(exists)) {
        return false;
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select exists (select 1 from "
                + table.ledger()
                + " where target = ? and content = ?)")) {
      statement.setString(1, table.name());
      statement.setString(2, delivery.content());
      return isTrue(statement);
    }
  }

  private static boolean isTrue(PreparedStatement statement) throws SQLException {
    try (ResultSet answer = statement.executeQuery()) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  /** Makes the stage, when it is sure that what is staged can be upserted. */
  void createStage() throws SQLException {
    createLedger();
    dropLeftOvers();
    execute(connection, table.createStage(delivery.attempt()));
    if (!there.isEmpty()) {
      try {
        execute(connection, "explain " + table.upsert(delivery.attempt()));
      } catch (SQLException e) {
        dropStageQuietly();
        throw e;
      }
    }
  }

  /** Whoever staged here held the lock that we hold, so nobody needs these any more. */
  private void dropLeftOvers() throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select tablename from pg_tables where schemaname = ? and left(tablename, length(?)) ="
                + " ?")) {
      statement.setString(1, table.schema());
      statement.setString(2, table.stagePrefix());
      statement.setString(3, table.stagePrefix());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    for (String name : names) {
      execute(connection, "drop table if exists " + table.quoted(name));
    }
  }

  /** A task that Spark ran twice, or a server that restarted, would show here. */
  void requireAllStaged() throws SQLException {
    String stage = table.quoted(table.stage(delivery.attempt()));
    long staged;
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from " + stage)) {
      count.next();
      staged = count.getLong(1);
    }
    if (staged != delivery.version().rows()) {
      throw new EngineException(
          ErrorType.STORAGE_UNAVAILABLE,
          "of the "
              + delivery.version().rows()
              + " rows of "
              + delivery.version().name()
              + ", "
              + staged
              + " came to "
              + stage
              + " in "
              + delivery.sink().url()
              + "; nothing was delivered");
    }
  }

  /** Everything that readers can notice, not yet committed; the number of rows that change. */
  long upsert() throws SQLException {
    connection.setAutoCommit(false);
    if (there.isEmpty()) {
      execute(connection, table.create());
    }
    long changed;
    try (Statement statement = connection.createStatement()) {
      changed = statement.executeLargeUpdate(table.upsert(delivery.attempt()));
    }
    remember();
    execute(connection, "drop table " + table.quoted(table.stage(delivery.attempt())));
    return changed;
  }

  /** Two deliveries to one schema may both find that the ledger is not there. */
  private void createLedger() throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      lock.setString(1, "mlpipeline " + table.ledger());
      lock.execute();
    }
    execute(connection, table.createLedger());
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void remember() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(table.remember())) {
      statement.setString(1, table.name());
      statement.setString(2, delivery.version().uri());
      statement.setLong(3, delivery.version().version());
      statement.setString(4, delivery.content());
      statement.setLong(5, delivery.version().rows());
      statement.setString(6, delivery.run());
      statement.setString(7, delivery.attempt());
      statement.executeUpdate();
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  /** What cannot be dropped now is dropped by the next delivery. */
  void dropStageQuietly() {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      execute(connection, "drop table if exists " + table.quoted(table.stage(delivery.attempt())));
    } catch (SQLException e) {
      LOG.debug("a stage of {} is left for the next delivery: {}", table.name(), e.getSQLState());
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
