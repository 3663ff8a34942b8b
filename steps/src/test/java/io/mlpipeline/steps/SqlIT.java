package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.SqlText;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Sql.Params;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlIT {

  private static final SchemaSpec ANY =
      new SchemaSpec("any-v1", List.of(new ColumnSpec("id", "bigint", true)), List.of());

  @Test
  void readsInputsAsViewsAndReturnsTheRowsUnderTheOnlyOutput() {
    StepOutput output =
        run(
            "with b as (select id from ITEMS where id > 0) "
                + "select b.id, (select max(id) from others) as m from b join `items` using (id)",
            Map.of());
    assertThat(output.tables()).containsOnlyKeys("result");
    assertThat(output.tables().get("result").collectAsList())
        .extracting(Row::mkString)
        .containsExactlyInAnyOrder("14", "24");
  }

  @Test
  void bindsArgumentsByTypeAndNeverPastesThem() {
    StepOutput output =
        run(
            "select :n + 1, :big, :part, :yes, :day + interval 1 day, :at, :text, :zip",
            Map.of(
                "n",
                "30",
                "big",
                "3000000000",
                "part",
                "0.25",
                "yes",
                "true",
                "day",
                "2024-02-28",
                "at",
                "2024-02-28T10:00:00Z",
                "text",
                "x' or '1'='1",
                "zip",
                "007"));
    Row row = output.tables().get("result").head();
    assertThat(row.schema().simpleString())
        .matches(
            "struct<.*:int,.*:bigint,.*:decimal\\(2,2\\),.*:boolean,.*:date,.*:timestamp,.*:string,.*:string>");
    assertThat(row.get(0)).isEqualTo(31);
    assertThat(row.get(4)).hasToString("2024-02-29");
    assertThat(row.getString(6)).isEqualTo("x' or '1'='1");
    assertThat(row.getString(7)).isEqualTo("007");
  }

  @Test
  void refusesArgumentsThatAreMissingOrNotUsed() {
    refused(ErrorType.CONFIG_INVALID, "select :window_days", Map.of())
        .hasMessageContaining("no argument 'window-days'");
    refused(ErrorType.CONFIG_INVALID, "select :window_days", Map.of("window-day", "1"))
        .hasMessageContaining("'window-day' is not used")
        .hasMessageContaining("did you mean 'window_days'?");
    refused(ErrorType.CONFIG_INVALID, "with a as (select :x as y) select * from a", Map.of())
        .hasMessageContaining("'x'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop table items",
        "create table t as select 1",
        "create temporary view v as select 1",
        "insert into items select 1",
        "with a as (select 1) insert into items select * from a",
        "from items insert into items select id",
        "set spark.sql.ansi.enabled=true",
        "show tables",
        "cache table items",
        "explain select 1",
        "delete from items",
        "select transform(id) using 'cat' from items",
        "select reflect('java.lang.System', 'getenv', 'HOME')",
        "select java_method('java.lang.Math', 'abs', 1)",
        "select 1; select 2",
        "select * from parquet.`/etc`",
        "select * from nowhere",
        "select id from items where id in (select id from default.items)",
        "select nothing from items",
        "selec 1",
        "",
      })
  void refusesWhatIsNoQueryOverInputs(String query) {
    refused(ErrorType.CONFIG_INVALID, query, Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "current_date",
        "current_date()",
        "curdate()",
        "now()",
        "current_timestamp",
        "localtimestamp()",
        "unix_timestamp()",
        "rand()",
        "randn(1)",
        "uuid()",
        "shuffle(array(1, 2))",
        "monotonically_increasing_id()",
        "spark_partition_id()",
        "input_file_name()",
        "current_user()",
        "current_database()",
        "date 'today'",
        "timestamp 'now'",
        "cast('yesterday' as date)",
        "cast('now' as timestamp)",
        "(select max(datediff(now(), date '2024-01-01')) from others)",
      })
  void refusesTimeAndChanceUnlessDeclared(String expression) {
    String query = "with a as (select *, " + expression + " as x from items) select * from a";
    refused(ErrorType.NOT_DETERMINISTIC, query, Map.of());
    assertThat(run(query, Map.of(), true).tables().get("result").count()).isEqualTo(3);
  }

  @Test
  void allowsDatesThatAreWritten() {
    assertThat(
            run(
                    "select date '2024-01-31', cast('2024-01-31' as date), 'now' as w, "
                        + "unix_timestamp(timestamp '2024-01-31') from range(2)",
                    Map.of())
                .tables()
                .get("result")
                .count())
        .isEqualTo(2);
  }

  @Test
  void asksForOneOutput() {
    MapContext none = new MapContext();
    assertThatThrownBy(
            () -> new Sql().run(none, new Params(new SqlText("select 1"), Map.of(), false)))
        .hasMessageContaining("one output");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      ErrorType type, String query, Map<String, String> arguments) {
    return assertThatThrownBy(() -> run(query, arguments))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).as(e.getMessage()).isEqualTo(type));
  }

  private static StepOutput run(String query, Map<String, String> arguments) {
    return run(query, arguments, false);
  }

  private static StepOutput run(String query, Map<String, String> arguments, boolean varies) {
    MapContext context = new MapContext().withOutput("result", ANY);
    context.with("items", context.spark().range(3).toDF());
    context.with("others", context.spark().range(5).toDF());
    return new Sql().run(context, new Params(new SqlText(query), arguments, varies));
  }
}
