package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.TableLog.Snapshot;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches put into tables, with real rows and files. */
class MergeIT {

  @TempDir Path warehouse;
  private Attempts attempts;
  private int names;

  @BeforeEach
  void open() {
    attempts = new Attempts(warehouse);
  }

  private static OutputSpec output(SchemaSpec schema, List<String> partitionBy, String... keys) {
    List<String> all = List.of(keys);
    GateSpec gate = new GateSpec(ContractRules.ofOutput(null, all, Attempts.AT));
    return new OutputSpec(
        "rows", "rows", schema, partitionBy, all, gate, OutputMode.MERGE, null, Attempts.AT);
  }

  private AttemptSession session(OutputSpec output) {
    return attempts.open("merge" + ++names, output);
  }

  private static StagedTable stage(AttemptSession session, String values) {
    return session
        .stage(StepOutput.table("rows", session.context().spark().sql(values)))
        .tables()
        .get(0);
  }

  /** What the log would say of a table of these files. */
  private Snapshot version(StagedTable table) {
    return new Snapshot(
        warehouse + "/" + table.uri(),
        0,
        "id",
        table.schemaJson(),
        table.partitionBy(),
        table.files(),
        false,
        0);
  }

  private List<String> rows(StagedTable table) {
    List<String> texts = new ArrayList<>();
    for (Row row :
        TableReader.read(TestSpark.session(), warehouse.toString(), table).collectAsList()) {
      texts.add(row.mkString("|"));
    }
    texts.sort(null);
    return texts;
  }

  private static List<String> paths(StagedTable table) {
    return table.files().stream().map(DataFile::path).toList();
  }

  @Test
  void rowsMoveToAnotherPartitionAndUntouchedFilesStayAsTheyAre() {
    OutputSpec output = output(null, List.of("day"), "id");
    try (AttemptSession session = session(output)) {
      StagedTable old =
          stage(
              session,
              "select * from values (1L, 'a', date'2024-01-01'), (2L, 'b', date'2024-01-01'),"
                  + " (3L, 'c', date'2024-01-02'), (4L, 'd', date'2024-01-03') as t(id, v, day)");
      try (AttemptSession next = session(output)) {
        StagedTable batch =
            stage(
                next,
                "select * from values (2L, 'B', date'2024-01-03'), (9L, 'n', date'2024-01-04')"
                    + " as t(id, v, day)");
        Merged merged = next.merge(batch, output, version(old));
        assertThat(rows(merged.whole()))
            .containsExactly(
                "1|a|2024-01-01",
                "2|B|2024-01-03",
                "3|c|2024-01-02",
                "4|d|2024-01-03",
                "9|n|2024-01-04");
        assertThat(paths(merged.rewritten()))
            .singleElement()
            .asString()
            .startsWith("day=2024-01-01");
        assertThat(paths(merged.whole()))
            .containsAll(paths(batch))
            .containsAll(paths(old).stream().filter(p -> !p.startsWith("day=2024-01-01")).toList())
            .hasSize(5);
        Merged again = next.merge(batch, output, version(merged.whole()));
        assertThat(next.audit(again.whole(), output).digest())
            .isEqualTo(next.audit(merged.whole(), output).digest());
      }
    }
  }

  @Test
  void keysThatHoldThePartitionAreLookedForInItsPartitionsOnly() {
    OutputSpec output = output(null, List.of("day"), "day", "id");
    try (AttemptSession session = session(output)) {
      StagedTable old = stage(session, "select id, cast(id % 2 as int) day, 'a' v from range(4)");
      StagedTable gone = old.withFiles(onlyReadable(old, "day=1/"));
      StagedTable batch = stage(session, "select 1L id, 1 day, 'x' v");
      Merged merged = session.merge(batch, output, version(gone));
      StagedTable there =
          merged
              .whole()
              .withFiles(
                  merged.whole().files().stream()
                      .filter(f -> f.path().startsWith("day=1/"))
                      .toList());
      assertThat(rows(there)).as("1 is in both partitions as a day").contains("1|1|x", "3|1|a");
    }
  }

  /** Files of other partitions are named, and are not there. */
  private static List<DataFile> onlyReadable(StagedTable table, String prefix) {
    return table.files().stream()
        .map(
            f ->
                f.path().startsWith(prefix)
                    ? f
                    : new DataFile(
                        "nowhere/" + f.path(), f.partition(), 10, 0, f.rows(), f.stats()))
        .toList();
  }

  @Test
  void newColumnsAreNullInOlderRowsAndWiderTypesAreWrittenAgain() {
    OutputSpec output = output(null, List.of(), "id");
    try (AttemptSession session = session(output)) {
      StagedTable old = stage(session, "select * from values (1, 'a'), (2, 'b') as t(id, v)");
      StagedTable more = stage(session, "select 2 id, 'B' v, 0.5D score");
      Merged wider = session.merge(more, output, version(old));
      assertThat(rows(wider.whole())).containsExactly("1|a|null", "2|B|0.5");

      StagedTable longs = stage(session, "select 3L id, 'c' v, 0.1D score");
      Merged widest = session.merge(longs, output, version(wider.whole()));
      assertThat(rows(widest.whole())).containsExactly("1|a|null", "2|B|0.5", "3|c|0.1");
      assertThat(paths(widest.whole())).doesNotContainAnyElementsOf(paths(wider.whole()));
    }
  }

  @Test
  void lostColumnsOtherTypesAndNullsThatMustNotBeAreRefusedByName() {
    OutputSpec output = output(null, List.of(), "id");
    try (AttemptSession session = session(output)) {
      Snapshot old = version(stage(session, "select 1L id, 'a' v, 2 n"));
      StagedTable batch = stage(session, "select 1L id, 'x' n");
      assertThatThrownBy(() -> session.merge(batch, output, old))
          .hasMessageContaining("rows cannot be merged into version 0 of churn/rows")
          .hasMessageContaining("column n is int there and string in the batch")
          .hasMessageContaining("the batch lacks column v")
          .hasMessageContaining("mode: replace");
      OutputSpec strict =
          output(
              Attempts.contract(
                  "id bigint not null", "v string not null", "n int", "w int not null"),
              List.of(),
              "id");
      try (AttemptSession next = session(strict)) {
        StagedTable other = stage(next, "select 2L id, 'b' v, 3 n, 4 w");
        assertThatThrownBy(() -> next.merge(other, strict, old))
            .hasMessageContaining("column w must not be null and would be in 1 rows of earlier");
        StagedTable same = stage(next, "select 1L id, 'b' v, 3 n, 4 w");
        assertThat(rows(next.merge(same, strict, old).whole())).containsExactly("1|b|3|4");
      }
    }
  }

  @Test
  void twoRowsOfOneKeyOrNoneAreRejectedByTheContractAndNothingIsLost() {
    OutputSpec output = output(null, List.of(), "id");
    try (AttemptSession session = session(output)) {
      Snapshot old = version(stage(session, "select id, 'a' v from range(3)"));
      for (String bad :
          List.of(
              "select * from values (1L, 'x'), (1L, 'y') as t(id, v)",
              "select cast(null as bigint) id, 'x' v")) {
        Merged merged = session.merge(stage(session, bad), output, old);
        assertThat(session.audit(merged.whole(), output).gate())
            .satisfies(g -> assertThat(g.verdict()).isEqualTo(Verdict.REJECT))
            .satisfies(g -> assertThat(g.outcomes().get(0).rule().id()).isEqualTo("contract-keys"));
      }
      StagedTable empty = stage(session, "select 1L id, 'x' v where false");
      Merged nothing = session.merge(empty, output, old);
      assertThat(nothing.whole().files()).isEqualTo(old.files());
      assertThat(nothing.rewritten().files()).isEmpty();
    }
  }

  @Test
  void manyFilesArePickedByTheKeysThatTheyHold() {
    OutputSpec output = output(null, List.of(), "id");
    try (AttemptSession session = session(output)) {
      List<DataFile> files = new ArrayList<>();
      StagedTable one = null;
      for (int i = 0; i < 4; i++) {
        try (AttemptSession earlier = session(output)) {
          one = stage(earlier, "select id, 'a' v from range(" + 10 * i + "," + (10 * i + 10) + ")");
          files.addAll(one.files());
        }
      }
      StagedTable old = one.withFiles(files);
      StagedTable batch = stage(session, "select * from values (13L, 'x'), (99L, 'y') as t(id, v)");
      Merged merged = session.merge(batch, output, version(old));
      assertThat(merged.rewritten().rows()).isEqualTo(9);
      assertThat(paths(merged.whole())).hasSize(5).doesNotContain(files.get(1).path());
      assertThat(rows(merged.whole())).hasSize(41).contains("13|x", "99|y", "14|a");
      assertThat(new TreeMap<>(merged.whole().files().get(0).partition())).isEmpty();
    }
  }
}
