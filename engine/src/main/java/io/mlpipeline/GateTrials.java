package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.port.TableLog.Snapshot;
import io.mlpipeline.spark.SparkFailures;
import io.mlpipeline.spark.SparkSessions;
import io.mlpipeline.spark.TrialGates;
import io.mlpipeline.spark.gate.GateContext;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.gate.Rehearsal;
import io.mlpipeline.spark.suggest.GateSuggester;
import io.mlpipeline.spark.table.LooseReader;
import io.mlpipeline.spark.table.TableReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
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
  private final SparkSessions sessions;
  private final SparkSession spark;

  GateTrials(Warehouse warehouse, SparkSessions sessions) {
    this.warehouse = warehouse;
    this.sessions = sessions;
    this.spark = sessions.newSession();
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
   * Judges data by a gate as a run would. Rules on a version may read other datasets of its
   * pipeline, its past and baselines, as they were when it was made; files have none of these.
   *
   * @throws EngineException with every problem of the rules for these columns
   */
  public Rehearsal.Result test(Data data, GateSpec gate) {
    return told(
        () -> {
          List<Problem> problems = new ArrayList<>();
          Set<String> names = references(gate);
          GateContext context = GateContext.NONE;
          Dataset<Row> rows;
          if (data instanceof Version version) {
            Snapshot snapshot = snapshot(version);
            rows = TableReader.read(spark, snapshot);
            TrialGates trial = sessions.trial(spark, at(version, snapshot), names);
            problems.addAll(
                unseen(gate, name -> !trial.sees(name), name -> gone(version, name, trial)));
            context = trial;
          } else {
            rows = read(data);
            problems.addAll(unseen(gate, name -> true, GateTrials::ofFiles));
          }
          problems.addAll(GateSyntax.problems(gate.rules(), rows.schema(), names));
          if (!problems.isEmpty()) {
            throw EngineException.invalid(problems);
          }
          return Rehearsal.of(rows, data.name(), gate, context);
        });
  }

  private static TrialGates.Version at(Version version, Snapshot snapshot) {
    return new TrialGates.Version(version.pipeline(), version.dataset(), snapshot.version());
  }

  private static Set<String> references(GateSpec gate) {
    Set<String> names = new TreeSet<>(gate.references());
    gate.rules().forEach(rule -> names.addAll(GateSyntax.references(rule)));
    return names;
  }

  /** Why a dataset cannot be read, and what to do. */
  private record Unseen(String why, String remedy) {}

  /** Rules that read datasets which a trial does not see. */
  private static List<Problem> unseen(
      GateSpec gate, Predicate<String> isUnseen, Function<String, Unseen> told) {
    List<Problem> problems = new ArrayList<>();
    for (GateRule rule : gate.rules()) {
      GateSyntax.references(rule).stream()
          .filter(isUnseen)
          .map(told)
          .map(
              unseen ->
                  new Problem(
                      rule.at(),
                      "rule `" + rule.text().strip() + "`: " + unseen.why(),
                      unseen.remedy()))
          .forEach(problems::add);
    }
    return problems;
  }

  private Unseen gone(Version version, String name, TrialGates trial) {
    String near = Suggestions.didYouMean(name, trial.published());
    String why = "there is no table " + version.pipeline() + "/" + name + " in " + warehouse.uri();
    return new Unseen(
        why,
        near == null
            ? "a trial sees the tables that the step read and that its pipeline published"
            : near);
  }

  private static Unseen ofFiles(String name) {
    return new Unseen(
        "files have no other datasets beside them, so there is no \"" + name + "\"",
        "judge a published version: mlpipeline gates test PIPELINE/DATASET@vN --rules FILE");
  }

  /** Proposes a gate from data, the oldest first. */
  public List<GateSuggester.Suggestion> suggest(List<? extends Data> versions) {
    return told(() -> GateSuggester.suggest(versions.stream().map(this::read).toList()));
  }

  private Dataset<Row> read(Data data) {
    return data instanceof Files files
        ? LooseReader.read(spark, files.path(), files.format())
        : TableReader.read(spark, snapshot((Version) data));
  }

  private Snapshot snapshot(Version version) {
    String uri = version.pipeline() + "/" + version.dataset();
    Optional<Snapshot> found =
        version.number().isPresent()
            ? warehouse.tables().find(uri, version.number().get())
            : warehouse.tables().findNewest(uri);
    return found.orElseThrow(
        () ->
            EngineException.misused(
                "there is no " + version.name() + " in " + warehouse.uri(),
                "mlpipeline data show " + uri + " lists the versions"));
  }

  /** Spark throws checked exceptions too, which Scala does not declare. */
  public static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      RuntimeException other =
          e instanceof RuntimeException known ? known : new IllegalStateException(e);
      throw SparkFailures.classify(e).<RuntimeException>map(known -> known).orElse(other);
    }
  }
}
