package io.mlpipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Edits a pipeline of twelve steps two hundred times as people do, runs it after each edit in one
 * warm JVM, and says what was reused, beside what a naive key would have reused. After every
 * twentieth edit everything is made from nothing in an empty warehouse: what was reused must be
 * what that gives, or the bench fails and names the edit and the step. {@code -Pbench
 * -Dbench.workload=edits} runs it; {@code bench.edits} says how many edits, {@code bench.seed}
 * which.
 */
class EditsBench {

  private static final int CHECK_EVERY = 20;

  @TempDir private Path directory;
  private final EditsTally tally = new EditsTally();
  private final NaiveKeys naive = new NaiveKeys();
  private final List<EditsTally.Measured> unchecked = new ArrayList<>();
  private final List<Double> fullSeconds = new ArrayList<>();

  /** A run, and how long planning and running took. */
  private record Timed(RunReport report, double seconds) {

    List<String> steps() {
      return report.steps().stream().map(StepReport::name).toList();
    }

    /** What each dataset and model is. */
    SortedMap<String, String> identities() {
      SortedMap<String, String> identities = new TreeMap<>();
      report
          .steps()
          .forEach(
              s ->
                  s.outputs()
                      .forEach(o -> identities.put(o.name(), s.name() + ": " + o.identity())));
      return identities;
    }
  }

  @Test
  void measures() throws Exception {
    if (!Arrays.asList(System.getProperty("bench.workload", "").split(",")).contains("edits")) {
      return;
    }
    long seed = Long.getLong("bench.seed", 7);
    EditsProject project = EditsProject.create(directory.resolve("project"), Edits.first());
    Edits edits = new Edits(project, Integer.getInteger("bench.edits", 200), seed);
    try (Engine engine = Engine.within(TestSpark.session())) {
      List<String> steps = run(engine, project.root(), "wh", "").steps();
      naive.ran(project, spec(project.root()), steps, "");
      for (int number = 1; number <= edits.count(); number++) {
        replay(engine, project, edits.make(steps), steps);
        if (number % CHECK_EVERY == 0 || number == edits.count()) {
          check(engine, project, number == edits.count());
        }
      }
    }
    report(project, edits.count(), seed);
    assertThat(tally.needless()).as("computed though no row could change").isEmpty();
  }

  private void replay(Engine engine, EditsProject project, Edits.Edit edit, List<String> steps)
      throws Exception {
    project.copyTo(directory.resolve("then-" + edit.number()));
    Timed run = run(engine, project.root(), "wh", edit.forced());
    Set<String> ran = naive.ran(project, spec(project.root()), steps, edit.forced());
    unchecked.add(new EditsTally.Measured(edit, run.report(), run.seconds(), ran));
  }

  /** Makes everything from nothing and compares. */
  private void check(Engine engine, EditsProject project, boolean isLast) throws Exception {
    EditsTally.Measured newest = unchecked.get(unchecked.size() - 1);
    String warehouse = "scratch-" + newest.edit().number();
    Timed scratch = run(engine, project.root(), warehouse, "");
    fullSeconds.add(scratch.seconds());
    Timed reused = new Timed(newest.report(), newest.seconds());
    if (!reused.identities().equals(scratch.identities())) {
      throw new AssertionError(firstWrong(engine));
    }
    if (isLast) {
      compareRows(newest.report(), warehouse);
    }
    tally.add(unchecked, spec(project.root()), scratch.report(), scratch.seconds());
    unchecked.clear();
    List<String> soFar = new ArrayList<>(tally.lines());
    soFar.add(tally.table());
    Files.write(Path.of("target", "edits.txt"), soFar);
  }

  /** Runs the files as they were after each edit from nothing, until one gives something else. */
  private String firstWrong(Engine engine) throws Exception {
    for (EditsTally.Measured measured : unchecked) {
      Path then = directory.resolve("then-" + measured.edit().number());
      Timed scratch = run(engine, then, "again-" + measured.edit().number(), "");
      SortedMap<String, String> wrong = new TreeMap<>(scratch.identities());
      SortedMap<String, String> had = new Timed(measured.report(), 0).identities();
      wrong.entrySet().removeAll(had.entrySet());
      if (!wrong.isEmpty()) {
        return "after edit "
            + measured.edit()
            + " these are not what a run from nothing gives: "
            + wrong
            + "; they are "
            + had
            + "; "
            + measured.report().steps().stream()
                .map(s -> s.name() + " " + s.decision() + ": " + s.reason())
                .toList();
      }
    }
    return "edit "
        + unchecked.get(unchecked.size() - 1).edit()
        + " gave something else than a run from nothing, but not again: not deterministic?";
  }

  /** Reads every table as others do, with Delta, from both warehouses. */
  private void compareRows(RunReport report, String scratch) {
    for (StepReport step : report.steps()) {
      for (OutputVersion output : step.outputs()) {
        if (output.kind() == OutputKind.TABLE) {
          Dataset<Row> here = read("wh", output);
          Dataset<Row> there = read(scratch, output);
          assertThat(here.exceptAll(there).count() + there.exceptAll(here).count())
              .as(
                  "rows of %s, made by step %s, that are not those of a run from nothing",
                  output.name(), step.name())
              .isZero();
        }
      }
    }
  }

  private Dataset<Row> read(String warehouse, OutputVersion output) {
    Path table = directory.resolve(warehouse).resolve(output.uri());
    return TestSpark.session().read().format("delta").load(table.toString());
  }

  private void report(EditsProject project, int edits, long seed) throws Exception {
    ColdRunBench.publish(
        String.format(
            Locale.ROOT,
            "%nedits: %d of seed %d on 12 steps, %d days at the end, %d cores; compared with a run"
                + " from nothing %d times, no wrong reuse; that took a median of %.1f s%n%s",
            edits,
            seed,
            project.days(),
            Runtime.getRuntime().availableProcessors(),
            fullSeconds.size(),
            ColdRunBench.median(fullSeconds),
            tally.table()));
    tally.needless().forEach(System.out::println);
  }

  private PipelineSpec spec(Path root) {
    return planning(root, "wh").spec();
  }

  private Planning planning(Path root, String warehouse) {
    return Planning.open(
        new PlanningOptions(
            root.resolve(EditsText.CONFIG),
            root,
            "local",
            Map.of(),
            directory.resolve(warehouse).toString(),
            List.of(),
            Map.of(),
            PlanningOptions.Verification.QUICK,
            InstantSource.system()));
  }

  private Timed run(Engine engine, Path root, String warehouse, String forced) throws Exception {
    Set<String> steps = forced.isEmpty() ? Set.of() : Set.of(forced);
    long start = System.nanoTime();
    RunReport report =
        engine.run(
            planning(root, warehouse),
            new RunRequest(null, null, null, steps, false),
            new RunOptions(2, RunOptions.OnFailure.STOP),
            new RunListener() {});
    double seconds = (System.nanoTime() - start) / 1e9;
    if (report.status() != RunStatus.SUCCEEDED) {
      throw new IllegalStateException(String.valueOf(report.failure()));
    }
    return new Timed(report, seconds);
  }
}
