package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.port.TableLog.Snapshot;
import io.mlpipeline.spark.SparkFailures;
import io.mlpipeline.spark.gate.GateContext;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.gate.Rehearsal;
import io.mlpipeline.spark.suggest.GateSuggester;
import io.mlpipeline.spark.table.LooseReader;
import io.mlpipeline.spark.table.TableReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Where gates are tried out: on published versions or on files, without a run, and without
 * publishing anything.
 */
public final class GateTrials {

  private final Warehouse warehouse;
  private final SparkSession spark;

  GateTrials(Warehouse warehouse, SparkSession spark) {
    this.warehouse = warehouse;
    this.spark = spark;
  }

  /** What to look at. */
  public sealed interface Data {

    /** As it is named to people. */
    String name();
  }

  /**
   * A published version of a dataset.
   *
   * @param pipeline the pipeline
   * @param dataset the dataset
   * @param number the Delta version; empty means the newest
   */
  public record Version(String pipeline, String dataset, Optional<Long> number) implements Data {

    @Override
    public String name() {
      return pipeline + "/" + dataset + number.map(n -> "@v" + n).orElse("");
    }
  }

  /**
   * A file, or all files of a folder.
   *
   * @param path where; absolute
   * @param format csv, json, parquet or another that Spark reads
   */
  public record Files(String path, String format) implements Data {

    @Override
    public String name() {
      return path;
    }
  }

  /**
   * Judges data by a gate as a run would.
   *
   * @throws EngineException with every problem of the rules for these columns
   */
  public Rehearsal.Result test(Data data, GateSpec gate) {
    return told(
        () -> {
          Dataset<Row> rows = read(data);
          List<Problem> problems = GateSyntax.problems(gate.rules(), rows.schema());
          if (!problems.isEmpty()) {
            throw EngineException.invalid(problems);
          }
          return Rehearsal.of(rows, data.name(), gate, GateContext.NONE);
        });
  }

  /** Proposes a gate from data, the oldest first. */
  public List<GateSuggester.Suggestion> suggest(List<? extends Data> versions) {
    return told(() -> GateSuggester.suggest(versions.stream().map(this::read).toList()));
  }

  private Dataset<Row> read(Data data) {
    if (data instanceof Files files) {
      return LooseReader.read(spark, files.path(), files.format());
    }
    Version version = (Version) data;
    String uri = version.pipeline() + "/" + version.dataset();
    Optional<Snapshot> found =
        version.number().isPresent()
            ? warehouse.tables().find(uri, version.number().get())
            : warehouse.tables().findNewest(uri);
    return TableReader.read(
        spark,
        found.orElseThrow(
            () ->
                EngineException.misused(
                    "there is no " + data.name() + " in " + warehouse.uri(),
                    "mlpipeline data show " + uri + " lists the versions")));
  }

  private static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw SparkFailures.classify(e).<RuntimeException>map(known -> known).orElse(e);
    }
  }
}
