package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.SinkSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.Delivered;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.spark.sink.Delivery;
import io.mlpipeline.spark.sink.PostgresSink;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries to a real PostgreSQL, where Debian's package is installed. */
class SinkIT {

  /** A variable that every environment has; its value is the password here. */
  private static final String VARIABLE = "PATH";

  private static final String PASSWORD = System.getenv(VARIABLE);
  private static PostgresServer server;

  private final SparkSession spark = new MapContext().spark();
  private Connection connection;
  private int attempts;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> programs = PostgresServer.programs();
    assumeTrue(programs.isPresent(), "PostgreSQL is not installed: apt-get install postgresql");
    server = PostgresServer.start(programs.get(), PASSWORD);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void connect() throws Exception {
    connection = DriverManager.getConnection(server.url(), "test", PASSWORD);
    execute("drop schema public cascade");
    execute("create schema public");
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void makesTheTableThenChangesOnlyWhatIsNewAndDeletesNothing() throws Exception {
    Dataset<Row> first =
        spark.sql(
            "select id, 'n' || id name, cast(id + 0.25 as decimal(10,2)) price, id / 2D score,"
                + " timestamp'2024-05-01 00:30:00' + make_interval(0, 0, 0, cast(id as int)) at,"
                + " date'2024-05-01' day, id % 2 = 0 even, array(0.5D, double(id)) both,"
                + " cast(null as int) nothing, float(1.5) f, cast('ab' as binary) raw,"
                + " smallint(3) s from range(100)");
    assertThat(deliver(first, "one")).isEqualTo(new Delivered(100, 100));
    assertThat(query("select * from public.scores where id = 7"))
        .containsExactly(
            "7|n7|7.25|3.5|2024-05-08 00:30:00+00|2024-05-01|f|{0.5,7}|null|1.5|\\x6162|3");
    assertThat(types())
        .contains("at timestamp with time zone", "price numeric(10,2)", "both double precision[]");
    assertThat(query("select target, dataset, version, row_count from mlpipeline_deliveries"))
        .containsExactly("scores|churn/scores|3|100");

    assertThat(deliver(first, "one")).as("it has that").isEqualTo(new Delivered(100, 0));
    Dataset<Row> second =
        first
            .where("id >= 50")
            .withColumn("name", org.apache.spark.sql.functions.expr("if(id = 60, 'other', name)"));
    assertThat(deliver(second, "two")).isEqualTo(new Delivered(50, 1));
    assertThat(query("select count(*), max(name) from public.scores")).containsExactly("100|other");
    assertThat(query("select tablename from pg_tables where schemaname = 'public' order by 1"))
        .as("no stage is left")
        .containsExactly("mlpipeline_deliveries", "scores");
  }

  @Test
  void whatTheTableCannotHoldIsRefusedAndNothingOfItIsThere() throws Exception {
    execute("create table scores (id bigint primary key, name varchar(3), extra text)");
    execute("insert into scores values (1, 'old', 'kept')");
    Dataset<Row> rows = spark.sql("select id, 'x' || repeat('y', int(id)) name from range(5)");
    refused(rows, ErrorType.CONTRACT_BROKEN, "too long", "widen the column");
    refused(
        spark.sql("select 1L id, 5 name, 2 more"),
        ErrorType.CONTRACT_BROKEN,
        "its column name is character varying(3) and should be integer",
        "it has no column more (integer)");
    execute("alter table scores drop constraint scores_pkey");
    refused(spark.sql("select 1L id, 'a' name"), ErrorType.CONTRACT_BROKEN, "needs a primary key");
    refused(
        spark.sql("select 1L id, struct(1 as a) name"), ErrorType.CONTRACT_BROKEN, "name (struct");
    assertThat(query("select * from scores")).containsExactly("1|old|kept");
    assertThat(query("select tablename from pg_tables where schemaname = 'public' order by 1"))
        .containsExactly("mlpipeline_deliveries", "scores");
    execute("alter table scores add primary key (id)");
    assertThat(deliver(spark.sql("select 1L id, 'a' name"), "fits").changed()).isEqualTo(1);
    assertThat(query("select * from scores")).containsExactly("1|a|kept");
  }

  @Test
  void aServerThatGoesAwayInBetweenLeavesNothingAndTheNextDeliveryCleansUp() throws Exception {
    deliver(spark.sql("select id, 'a' name from range(10)"), "before");
    String url = server.url();
    UDF1<Long, Long> outage =
        id -> {
          if (id == 15) {
            try (Connection own = DriverManager.getConnection(url, "test", PASSWORD);
                Statement statement = own.createStatement()) {
              statement.execute(
                  "select pg_terminate_backend(pid) from pg_stat_activity where pid <>"
                      + " pg_backend_pid() and application_name like 'mlpipeline %'");
            }
          }
          return id;
        };
    spark.udf().register("outage", outage, DataTypes.LongType);
    Dataset<Row> rows = spark.range(20).selectExpr("outage(id) id", "'b' name");
    refused(
        rows, ErrorType.STORAGE_UNAVAILABLE, "cannot be delivered to scores in jdbc:postgresql");
    assertThat(query("select count(*), max(name) from scores")).containsExactly("10|a");
    assertThat(query("select count(*) from pg_tables where tablename like 'scores\\_\\_ml%'"))
        .as("nobody was there to remove it")
        .containsExactly("1");

    Dataset<Row> again = spark.sql("select id, 'b' name from range(20)");
    assertThat(deliver(again, "after")).isEqualTo(new Delivered(20, 20));
    assertThat(query("select count(*) from pg_tables where tablename like 'scores\\_\\_ml%'"))
        .containsExactly("0");
  }

  @Test
  void whoMayNotEnterIsToldSoAndNoMessageHoldsThePassword() {
    Dataset<Row> rows = spark.sql("select 1L id");
    SinkSpec stranger =
        new SinkSpec(server.url(), "scores", "nobody", VARIABLE, null, SourceLocation.UNKNOWN);
    assertThatThrownBy(() -> PostgresSink.deliver(rows, delivery(stranger, "one", 1)))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.type()).isEqualTo(ErrorType.CREDENTIALS_INVALID))
        .hasMessageContaining("authentication failed")
        .hasMessageNotContaining(PASSWORD);
    SinkSpec away =
        new SinkSpec(
            "jdbc:postgresql://127.0.0.1:1/d",
            "scores",
            "test",
            VARIABLE,
            null,
            SourceLocation.UNKNOWN);
    assertThatThrownBy(() -> PostgresSink.deliver(rows, delivery(away, "one", 1)))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.type()).isEqualTo(ErrorType.STORAGE_UNAVAILABLE))
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/d");
    SinkSpec unset =
        new SinkSpec(server.url(), "scores", "test", "NOT_SET_X", null, SourceLocation.UNKNOWN);
    assertThatThrownBy(() -> PostgresSink.deliver(rows, delivery(unset, "one", 1)))
        .hasMessageContaining("has no variable NOT_SET_X");
    SinkSpec unknown =
        new SinkSpec(server.url(), "t", "test", VARIABLE, "no.such.Driver", SourceLocation.UNKNOWN);
    assertThatThrownBy(() -> PostgresSink.deliver(rows, delivery(unknown, "one", 1)))
        .hasMessageContaining("no class no.such.Driver; add the driver's jar with --jars");
  }

  @Test
  void batchesOfAPipelineAreMergedAndFollowedAndAFailedDeliveryIsMadeUpFor(@TempDir Path home)
      throws Exception {
    StepReport first = run(home, 0, 6, "scores").steps().get(0);
    assertThat(first.failure()).isNull();
    assertThat(first.metrics()).containsEntry("delivered_changes.scores", 6.0);
    StepReport second = run(home, 4, 10, "scores").steps().get(0);
    assertThat(second.outputs().get(0).rows()).isEqualTo(10);
    assertThat(second.outputs().get(0).version()).isEqualTo(1);
    assertThat(second.metrics())
        .containsEntry("delivered_rows.scores", 10.0)
        .containsEntry("delivered_changes.scores", 6.0);
    assertThat(query("select count(*), sum(score) from scores")).containsExactly("10|69");
    assertThat(run(home, 4, 10, "scores").steps().get(0).decision()).isEqualTo("reuse");

    execute("create table narrow (customer_id bigint primary key)");
    StepReport failed = run(home, 4, 10, "narrow").steps().get(0);
    assertThat(failed.decision()).isEqualTo("reaudit");
    assertThat(failed.failure().type()).isEqualTo(ErrorType.CONTRACT_BROKEN);
    execute("alter table narrow add column score bigint");
    StepReport next = run(home, 4, 10, "narrow").steps().get(0);
    assertThat(next.decision()).as(next.reason()).isEqualTo("reaudit");
    assertThat(next.failure()).isNull();
    assertThat(query("select count(*), sum(score) from narrow")).containsExactly("10|69");
    StepReport earlier = run(home, 0, 6, "narrow").steps().get(0);
    assertThat(earlier.decision()).isEqualTo("execute");
    assertThat(earlier.outputs().get(0).rows()).as("no later row is lost").isEqualTo(10);
  }

  private RunReport run(Path home, long from, long to, String table) throws Exception {
    String pipeline =
        """
        pipeline: churn
        steps { score {
          uses: sql
          params { query: "select id customer_id, id + %d score from range(%d, %d)" }
          outputs { rows: { as: scores, keys: [customer_id], mode: merge, gate: { block: ["RowCount > 5"] }
            sink: { jdbc: "%s", table: %s, user: test, password-env: %s } } }
        } }
        """
            .formatted(from, from, to, server.url(), table, VARIABLE);
    Path file = Files.writeString(home.resolve("churn.conf"), pipeline);
    PlanningOptions options =
        new PlanningOptions(
            file,
            home,
            "local",
            Map.of(),
            home.resolve("wh").toString(),
            List.of(),
            Map.of(),
            PlanningOptions.Verification.QUICK,
            InstantSource.system());
    try (Engine engine = Engine.within(TestSpark.session())) {
      return engine.run(
          Planning.open(options),
          RunRequest.ALL,
          new RunOptions(1, RunOptions.OnFailure.STOP),
          new RunListener() {});
    }
  }

  private void refused(Dataset<Row> rows, ErrorType type, String... texts) {
    assertThatThrownBy(() -> deliver(rows, "refused" + attempts))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).as(e.getMessage()).isEqualTo(type))
        .hasMessageContainingAll(texts);
  }

  private Delivered deliver(Dataset<Row> rows, String content) {
    SinkSpec sink =
        new SinkSpec(server.url(), "scores", "test", VARIABLE, null, SourceLocation.UNKNOWN);
    return PostgresSink.deliver(rows, delivery(sink, content, expected(rows)));
  }

  /** Counting must not run what a test does to the server. */
  private static long expected(Dataset<Row> rows) {
    return rows.select(org.apache.spark.sql.functions.lit(1)).count();
  }

  private Delivery delivery(SinkSpec sink, String content, long rows) {
    OutputVersion version =
        new OutputVersion(
            OutputKind.TABLE, "rows", "scores", "churn/scores", 3, content, "s", rows, 1, null);
    String attempt = "r20240601-020000-1f3a9c-score-" + ++attempts;
    return new Delivery(sink, List.of("id"), version, "r20240601-020000-1f3a9c", attempt);
  }

  private List<String> types() throws SQLException {
    return query(
        "select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute where attrelid"
            + " = 'scores'::regclass and attnum > 0");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> query(String sql) throws SQLException {
    execute("set timezone = 'UTC'");
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(String.valueOf(rows.getString(i)));
        }
        texts.add(String.join("|", values));
      }
      return texts;
    }
  }
}
