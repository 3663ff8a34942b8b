package io.mlpipeline.spark;

import static io.mlpipeline.spark.Attempts.contract;
import static io.mlpipeline.spark.Attempts.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.step.StepOutput;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractIT {

  @TempDir Path warehouse;

  private StagedTable stage(OutputSpec output, String sql) {
    try (AttemptSession session = new Attempts(warehouse).open("contract", output)) {
      Dataset<Row> rows = session.context().spark().sql(sql);
      return session.stage(StepOutput.table("rows", rows)).tables().get(0);
    }
  }

  private void refuses(OutputSpec output, String sql, String type, String message) {
    assertThatThrownBy(() -> stage(output, sql))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type().code()).isEqualTo(type));
    assertThat(Attempts.tree(warehouse)).isEmpty();
  }

  @Test
  void putsColumnsInTheContractsOrderAndWidensThem() {
    SchemaSpec contract =
        contract("ID bigint not null", "name string", "x double", "d decimal(12,4)", "t timestamp");
    StagedTable table =
        stage(
            output("rows", contract, List.of(), List.of()),
            "select date'2024-03-01' t, cast(1.5 as decimal(6,2)) d, 'n' NAME, cast(2 as int) id,"
                + " cast(0.5 as float) x");
    StructType schema = (StructType) DataType.fromJson(table.schemaJson());
    assertThat(schema.simpleString())
        .isEqualTo("struct<ID:bigint,name:string,x:double,d:decimal(12,4),t:timestamp>");
    assertThat(schema.apply("ID").nullable()).isFalse();
    assertThat(schema.apply("name").nullable()).isTrue();
  }

  @Test
  void givesAVoidColumnTheTypeOfItsContract() {
    OutputSpec output = output("rows", contract("a int", "b string"), List.of(), List.of());
    assertThat(stage(output, "select 1 a, null b").rows()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a int, b string     | select 1 a                     | column b (string) is missing",
        "a int               | select 1 a, 2 c                | column c is not in it",
        "a int               | select 'x' a                   | column a should be int and is string",
        "a string            | select 1 a                     | column a should be string and is int",
        "a int               | select 1L a                    | column a should be int and is bigint",
        "a double            | select 1L a                    | should be double and is bigint",
        "a float             | select 1 a                     | should be float and is int",
        "a decimal(4,2)      | select cast(1 as decimal(5,2)) a | should be decimal(4,2) and is",
        "a date              | select timestamp'2024-01-01' a | should be date and is timestamp",
        "a struct<x:int>     | select named_struct('y', 1) a  | should be struct<x:int> and is struct<y",
        "a array<string>     | select array(1) a              | should be array<string> and is",
      })
  void refusesOtherColumnsThanTheContracts(String columns, String sql, String message) {
    SchemaSpec contract = contract(columns.split(", "));
    refuses(output("rows", contract, List.of(), List.of()), sql, "contract-broken", message);
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    refuses(
        output("rows", contract("a int", "b string", "c date"), List.of(), List.of()),
        "select 'x' a, 1 z, 2 y",
        "contract-broken",
        "output rows breaks its contract rows-v1: column a should be int and is string; column b"
            + " (string) is missing; column c (date) is missing; column y is not in it; column z is"
            + " not in it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select 1 a, 2 A                        | two columns A",
        "select 1 `a b`                         | column 'a b' has a character",
        "select 1 `a;b`                         | has a character",
        "select named_struct('x y', 1) s        | column 's.x y' has a character",
        "select null a                          | cast(null as TYPE)",
        "select array(null) a                   | column a.element is void",
        "select interval 1 day a                | column a is an interval day",
        "select make_interval(1) a              | column a is an interval",
        "select timestamp_ntz'2024-01-01' a     | as timestamp",
      })
  void refusesWhatNoTableCanHold(String sql, String message) {
    refuses(output("rows"), sql, "step-failed", message);
  }

  @Test
  void refusesVectorsWithTheRemedy() {
    try (AttemptSession session = new Attempts(warehouse).open("vector", output("rows"))) {
      SparkSession spark = session.context().spark();
      StructType schema = new StructType().add("v", new org.apache.spark.ml.linalg.VectorUDT());
      Dataset<Row> rows =
          spark.createDataFrame(List.of(RowFactory.create(Vectors.dense(1, 2))), schema);
      assertThatThrownBy(() -> session.stage(StepOutput.table("rows", rows)))
          .hasMessageContaining("vector_to_array");
      Dataset<Row> hollow =
          spark.createDataFrame(List.of(), new StructType().add("s", new StructType()));
      assertThatThrownBy(() -> session.stage(StepOutput.table("rows", hollow)))
          .hasMessageContaining("struct without fields");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select 1.5D p, 1 v            | cannot be partitioned by p",
        "select timestamp'2024-01-01' p, 1 v | cast(p as date)",
        "select 1 v                    | has no column p, which is its partition column",
        "select 1 p                    | partitioned by all of its columns",
        "select '' p, 1 v              | partition column p is the empty text",
      })
  void refusesPartitionsThatWouldNotComeBack(String sql, String message) {
    refuses(output("rows", null, List.of("p"), List.of()), sql, "contract-broken", message);
  }

  @Test
  void countsNullsWhereThereMustBeNone() {
    SchemaSpec contract =
        contract("p string not null", "id int not null", "a array<int> not null", "x int");
    refuses(
        output("rows", contract, List.of("p"), List.of()),
        "select if(id > 7, null, 'p') p, cast(nullif(id, 3) as int) id,"
            + " if(id < 4, null, array(1)) a, 1 x from range(10)",
        "contract-broken",
        "column p must not be null and is in 2 rows; column id must not be null and is in 1 rows;"
            + " column a must not be null and is in 4 rows");
  }

  @Test
  void refusesAKeyThatIsNoColumn() {
    refuses(
        output("rows", null, List.of(), List.of("nope")),
        "select 1 a",
        "contract-broken",
        "has no column nope, which is its key");
  }
}
