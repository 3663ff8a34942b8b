package io.mlpipeline.rehearse;

import io.mlpipeline.Engine;
import io.mlpipeline.Going;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.ScratchFiles;
import io.mlpipeline.StepJars;
import io.mlpipeline.Warehouse;
import io.mlpipeline.Wiring;
import io.mlpipeline.model.CaseSpec;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.run.Backend;
import io.mlpipeline.spark.SparkSessions;
import io.mlpipeline.spark.SparkTriage;
import io.mlpipeline.spark.StandIns;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Runs things in a warehouse that is thrown away, on other rows than those that are published. */
public final class Rehearsals {

  private final Warehouse warehouse;
  private final Engine engine;

  public Rehearsals(Warehouse warehouse, Engine engine) {
    this.warehouse = warehouse;
    this.engine = engine;
  }

  /**
   * A warehouse that is thrown away.
   *
   * @param warehouse where it is
   * @param spark the sessions that read and write there
   * @param going how what is done there is stopped
   */
  record Scratch(Warehouse warehouse, SparkSessions spark, Going going) {

    /** Everything outside, with attempts that read other rows. */
    Backend backend(StandIns standIns, InstantSource clock, Planning planning) {
      Sessions reading = spark.reading(standIns);
      return Wiring.backend(
          warehouse, clock, () -> reading, new SparkTriage(), StepJars.loader(planning.jars()));
    }

    /** Another one below this, which goes with it. */
    Scratch within(String name) {
      return open(warehouse.uri() + "/" + name, spark, going);
    }

    /** Writes a small text. */
    void write(String file, String text) {
      Path path = new Path(file);
      try (OutputStream out = path.getFileSystem(warehouse.hadoop().get()).create(path, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("writing " + file, e);
      }
    }

    SparkSession newSession() {
      return spark.newSession();
    }
  }

  /**
   * Runs every step of a pipeline on no rows: nothing is published, recorded or delivered.
   *
   * @param request the steps that are asked for; what they need runs too
   */
  public EmptyReport runEmpty(Planning planning, RunRequest request) {
    return in(scratch -> new EmptyRun(scratch, planning).run(request));
  }

  /**
   * Runs the cases of a pipeline: nothing of what they do is published, recorded or delivered.
   *
   * @param options how the pipeline is read; its warehouse is not looked at
   * @param files the files of cases
   * @param only names of cases; all if it is empty
   * @param listener is told of each as it ends
   * @throws io.mlpipeline.model.InvalidConfigException with everything that is wrong with the
   *     cases; none has run then
   */
  public List<CaseResult> test(
      PlanningOptions options,
      List<java.nio.file.Path> files,
      Set<String> only,
      Consumer<CaseResult> listener) {
    List<CaseSpec> cases = CaseRuns.load(files, options.workingDirectory(), only);
    return in(scratch -> new CaseRuns(scratch, options).run(cases, listener));
  }

  /** Does something in a new warehouse, and removes it whatever comes of it. */
  private <T> T in(Function<Scratch, T> work) {
    return engine.stoppable(going -> in(going, work));
  }

  private <T> T in(Going going, Function<Scratch, T> work) {
    SparkSessions ours = engine.sessions(warehouse, going);
    if (!warehouse.isLocal()) {
      String place = warehouse.uri() + "/_ml/scratch/" + UUID.randomUUID();
      try {
        return going.aside(() -> work.apply(open(place, ours, going)));
      } finally {
        ScratchFiles.remove(warehouse, place);
      }
    }
    java.nio.file.Path local = ScratchFiles.local();
    try {
      return going.aside(() -> work.apply(open(local.toString(), ours, going)));
    } finally {
      ScratchFiles.remove(local);
    }
  }

  private static Scratch open(String place, SparkSessions ours, Going going) {
    Warehouse scratch = Warehouse.open(place, java.nio.file.Path.of(""));
    return new Scratch(scratch, Engine.over(scratch, ours.newSession()), going);
  }
}
