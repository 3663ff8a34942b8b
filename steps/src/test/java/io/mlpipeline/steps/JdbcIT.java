package io.mlpipeline.steps;

import static io.mlpipeline.steps.IngestIT.dropping;
import static io.mlpipeline.steps.IngestIT.rows;
import static io.mlpipeline.steps.IngestIT.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.RowAccount;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.spark.table.LeftOut;
import io.mlpipeline.spark.table.SourceReader;
import io.mlpipeline.step.StepOutput;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Against a real PostgreSQL, where Debian's package is installed. */
class JdbcIT {

  /** A variable that every environment has; its value is the password here. */
  private static final String VARIABLE = "PATH";

  @Test
  void readsADatabaseInPartsAndHoldsItToTheContract() throws Exception {
    Optional<Path> programs = PostgresServer.programs();
    assumeTrue(programs.isPresent(), "PostgreSQL is not installed: apt-get install postgresql");
    String password = System.getenv(VARIABLE);
    try (PostgresServer server = PostgresServer.start(programs.get(), password)) {
      try (Connection connection = DriverManager.getConnection(server.url(), "test", password);
          Statement statement = connection.createStatement()) {
        statement.execute(
            "create table orders as select i as id, timestamp '2024-05-01 00:30:00' as at,"
                + " (i + 0.25)::numeric(10,2) as price, i::numeric as total, 'n' || i as note,"
                + " i::double precision as seen from generate_series(1, 100) i");
        statement.execute("insert into orders values (1, null, 1.255, 1.5, 'x', 7.5)");
      }
      Map<String, String> parts =
          Map.of(
              "table",
              "orders",
              "user",
              "test",
              "password-env",
              VARIABLE,
              "fetch-size",
              "10",
              "partition-column",
              "id",
              "lower",
              "1",
              "upper",
              "90",
              "partitions",
              "4");
      Dataset<Row> rows = read(server.url(), parts);
      assertThat(rows.rdd().getNumPartitions()).isEqualTo(4);
      MapContext context =
          new MapContext()
              .with("raw", rows)
              .withOutput(
                  "rows",
                  dropping(schema("id bigint!", "at timestamp", "total int", "note string")));
      StepOutput output = new Ingest().run(context, IngestIT.orderedBy("at"));
      assertThat(output.accounts().get("rows")).isEqualTo(new RowAccount(101, 0));
      assertThat(output.metrics()).containsEntry("coerced_values.total", 100.0);
      assertThat(output.quarantined().get("rows").head().getList(4).toString())
          .isEqualTo("[contract-total-type]");
      assertThat(rows(output)).hasSize(100).contains("7|2024-05-01 00:30:00|7|n7");
      Map<String, String> query =
          Map.of(
              "query",
              "select id from orders where id < 3",
              "user",
              "test",
              "password-env",
              VARIABLE);
      assertThat(read(server.url(), query).count()).isEqualTo(3);
      assertThatThrownBy(
              () ->
                  read(
                      server.url(),
                      Map.of("table", "orders", "user", "no", "password-env", VARIABLE)))
          .hasMessageContaining("authentication failed")
          .hasMessageNotContaining(password);
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> read("jdbc:nosuch://h/d", Map.of("table", "t")))
        .hasMessageContaining("no JDBC driver here knows jdbc:nosuch://h/d")
        .hasMessageContaining("--jars");
    assertThatThrownBy(
            () -> read("jdbc:postgresql://h/d", Map.of("table", "t", "password-env", "NOT_SET_X")))
        .hasMessageContaining("has no variable NOT_SET_X");
  }

  private static Dataset<Row> read(String url, Map<String, String> options) {
    InputSpec input =
        new InputSpec(
            "orders",
            InputKind.JDBC,
            url,
            null,
            new TreeMap<>(options),
            null,
            null,
            null,
            GateSpec.OPEN,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            SourceLocation.UNKNOWN);
    PinnedSource pin =
        new PinnedSource("orders", InputKind.JDBC, url, -1, "asked:1", true, List.of(), 0);
    return SourceReader.read(new MapContext().spark(), input, pin, new LeftOut());
  }
}
