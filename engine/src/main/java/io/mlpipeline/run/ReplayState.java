package io.mlpipeline.run;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.TableLog;
import java.util.List;

/** The dataset and its quarantine as they are now. */
record ReplayState(
    StepSpec step,
    OutputSpec output,
    ReuseEntry entry,
    TableLog.Snapshot dataset,
    TableLog.Snapshot apart,
    String owner) {

  /** Whether the dataset is what an earlier replay of this very quarantine made of it. */
  boolean begun(TableLog tables) {
    String uri = dataset.uri();
    return tables
        .findAttempt(uri, dataset.lastDataChange())
        .filter(attempt -> attempt.startsWith(prefix()))
        .isPresent();
  }

  /** The files of the dataset that no replay of this quarantine added. */
  List<DataFile> files() {
    return dataset.files().stream().filter(f -> !f.path().contains(prefix())).toList();
  }

  String attempt(String runId) {
    return prefix() + runId + "-1";
  }

  /** Begins the name of every attempt at this version of the quarantine. */
  String prefix() {
    String id = apart.tableId().replaceAll("[^A-Za-z0-9]", "");
    return "replay-" + apart.version() + "-" + id.substring(0, Math.min(8, id.length())) + "-";
  }

  static ReplayState find(Backend backend, RunContext run, String dataset) {
    StepSpec step = producer(run, dataset);
    OutputSpec output =
        step.outputs().stream().filter(o -> o.name().equals(dataset)).findFirst().orElseThrow();
    String uri = run.spec().name() + "/" + dataset;
    String apartUri = QuarantineTable.of(uri);
    TableLog.Snapshot now = newest(backend, run, uri);
    TableLog.Snapshot apart = newest(backend, run, apartUri);
    ReuseEntry entry = backend.reuse().loadLast(run.spec().name()).steps().get(step.name());
    if (entry == null) {
      throw stale("the newest run of step " + step.name(), uri + " v" + now.version());
    }
    String owner =
        new Quarantines(backend.tables()).findOwner(apartUri, apart.version()).orElse("");
    String content = backend.tables().findContent(uri, now.lastDataChange()).orElse("");
    ReplayState state = new ReplayState(step, output, entry, now, apart, owner);
    if (!state.begun(backend.tables())) {
      if (owner.isEmpty() || !owner.equals(content)) {
        throw stale(apartUri + " v" + apart.version(), uri + " v" + now.version());
      }
      if (!holds(entry, dataset, content)) {
        throw stale("the newest run of step " + step.name(), uri + " v" + now.version());
      }
    }
    if (now.viaSpark() || apart.viaSpark()) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          uri
              + " or its quarantine has deletion vectors or mapped columns, to which no file can be"
              + " added: rewrite it with REORG TABLE ... APPLY (PURGE), and replay then");
    }
    return state;
  }

  private static StepSpec producer(RunContext run, String dataset) {
    return run.spec().steps().stream()
        .filter(s -> s.outputs().stream().anyMatch(o -> o.name().equals(dataset)))
        .findFirst()
        .orElseThrow(
            () ->
                EngineException.misused(
                    "no step of pipeline " + run.spec().name() + " makes " + dataset,
                    "rows of an input's quarantine come back with the corrected input"));
  }

  private static TableLog.Snapshot newest(Backend backend, RunContext run, String uri) {
    return backend
        .tables()
        .findNewest(uri)
        .orElseThrow(
            () ->
                EngineException.misused(
                    "there is no table " + uri + " in " + run.warehouse(),
                    "nothing was set apart from that dataset yet"));
  }

  private static boolean holds(ReuseEntry entry, String dataset, String content) {
    return entry.outputs().stream()
        .anyMatch(o -> o.name().equals(dataset) && o.identity().equals(content));
  }

  private static EngineException stale(String what, String dataset) {
    return new EngineException(
        ErrorType.PUBLISH_CONFLICT,
        what
            + " does not belong to "
            + dataset
            + ": another content was published since; `mlpipeline run` the pipeline, so that both"
            + " come from one run (with --force if nothing changed), and replay then");
  }
}
