package io.mlpipeline.spark.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ErrorType;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** The SQL of deliveries, and what fits where. */
class PostgresTableTest {

  private static final String ATTEMPT = "r20240601-020000-1f3a9c-features-1";

  private static PostgresTable table(String name, String ddl, String... keys) {
    return PostgresTable.of("public", name, StructType.fromDDL(ddl), List.of(keys));
  }

  @Test
  void namesAreQuotedWhateverIsInThem() {
    PostgresTable table = table("t\"; drop", "`K` bigint, `a b\"c` string", "k");
    assertThat(table.keys()).as("as the rows spell it").containsExactly("K");
    assertThat(table.create())
        .isEqualTo(
            "create table \"public\".\"t\"\"; drop\" (\"K\" bigint, \"a b\"\"c\" text,"
                + " primary key (\"K\"))");
    assertThat(table.upsert(ATTEMPT))
        .endsWith(
            " on conflict (\"K\") do update set \"a b\"\"c\" = excluded.\"a b\"\"c\" where"
                + " (target.\"a b\"\"c\") is distinct from (excluded.\"a b\"\"c\")");
    assertThat(table("t", "k int", "k").upsert(ATTEMPT)).endsWith("on conflict (\"k\") do nothing");
  }

  @Test
  void stagesOfATableBeginAlikeAndNoneIsLongerThanPostgresqlKeeps() {
    for (String name : List.of("scores", "x".repeat(63), "\u00fc".repeat(31))) {
      PostgresTable table = table(name, "k int", "k");
      List<String> stages = List.of(table.stage(ATTEMPT), table.stage("a".repeat(200)));
      assertThat(stages)
          .doesNotHaveDuplicates()
          .allMatch(stage -> stage.startsWith(table.stagePrefix()))
          .allMatch(stage -> stage.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= 63);
    }
    assertThat(table("scores", "k int", "k").stage(ATTEMPT))
        .isEqualTo("scores__mlpipeline_" + ATTEMPT);
    assertThat(table("x".repeat(63), "k int", "k").stagePrefix())
        .isNotEqualTo(table("x".repeat(62), "k int", "k").stagePrefix());
  }

  @Test
  void columnsWithoutATypeThereAreRefusedByName() {
    assertThatThrownBy(
            () -> table("t", "k int, s struct<a:int>, m map<string,int>, n array<array<int>>", "k"))
        .hasMessageContaining("no column for s (struct<a:int>), m (map<string,int>), n (array<")
        .hasMessageContaining("to_json");
  }

  @Test
  void onlyColumnsThatKeepEveryValueFit() {
    assertThat(PostgresTypes.fits("integer", "bigint")).isTrue();
    assertThat(PostgresTypes.fits("bigint", "integer")).isFalse();
    assertThat(PostgresTypes.fits("text", "character varying(5)")).isTrue();
    assertThat(PostgresTypes.fits("text", "character(5)")).isFalse();
    assertThat(PostgresTypes.fits("numeric(10,2)", "numeric")).isTrue();
    assertThat(PostgresTypes.fits("numeric(10,2)", "numeric(12,4)")).isTrue();
    assertThat(PostgresTypes.fits("numeric(10,2)", "numeric(11,4)")).isFalse();
    assertThat(PostgresTypes.fits("numeric(10,2)", "numeric(12,1)")).isFalse();
    assertThat(PostgresTypes.fits("timestamp with time zone", "timestamp without time zone"))
        .isFalse();
  }

  @Test
  void refusalsAreNamedByTheirState() {
    assertThat(SqlFailures.type("28P01")).isEqualTo(ErrorType.CREDENTIALS_INVALID);
    assertThat(SqlFailures.type("22001")).isEqualTo(ErrorType.CONTRACT_BROKEN);
    assertThat(SqlFailures.type("42P10")).isEqualTo(ErrorType.CONTRACT_BROKEN);
    assertThat(SqlFailures.type("42501")).isEqualTo(ErrorType.ACCESS_DENIED);
    assertThat(SqlFailures.type("3D000")).isEqualTo(ErrorType.ENVIRONMENT_INVALID);
    assertThat(SqlFailures.type("53100")).isEqualTo(ErrorType.DISK_FULL);
    assertThat(SqlFailures.type("55P03")).isEqualTo(ErrorType.PUBLISH_CONFLICT);
    assertThat(SqlFailures.type("57P01")).isEqualTo(ErrorType.STORAGE_UNAVAILABLE);
    assertThat(SqlFailures.type("08006")).isEqualTo(ErrorType.STORAGE_UNAVAILABLE);
  }
}
