package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.port.Staged;
import io.mlpipeline.port.TableLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes audited outputs visible. Equal content makes no new version. */
final class Publisher {

  private final TableLog tables;
  private final ModelStore models;
  private final ReuseIndex reuse;
  private final RunContext run;

  Publisher(TableLog tables, ModelStore models, ReuseIndex reuse, RunContext run) {
    this.tables = tables;
    this.models = models;
    this.reuse = reuse;
    this.run = run;
  }

  /**
   * What was published.
   *
   * @param outputs what every output is now
   * @param unchanged whether all of it was there already
   * @param superfluous staged tables whose content was there already
   */
  record Published(List<OutputVersion> outputs, boolean unchanged, List<StagedTable> superfluous) {}

  /** The heads of the step's tables now: whoever writes in between is a conflict. */
  Map<String, Long> heads(StepSpec step) {
    Map<String, Long> heads = new HashMap<>();
    for (OutputSpec output : step.outputs()) {
      String uri = uri(output.name());
      heads.put(uri, tables.findHead(uri).orElse(-1));
    }
    return heads;
  }

  /** Commits every table, then makes every model exist; called only when all verdicts allow it. */
  Published publish(
      AttemptCall call, Staged staged, List<Audited> audits, Map<String, Long> bases) {
    List<OutputVersion> outputs = new ArrayList<>();
    List<StagedTable> superfluous = new ArrayList<>();
    boolean unchanged = true;
    for (Audited audit : audits) {
      StagedTable table = audit.table();
      long base = bases.getOrDefault(table.uri(), -1L);
      OutputVersion wanted = audit.version(base).withPartitions(partitions(audit));
      if (base >= 0 && holds(table.uri(), base, wanted.identity())) {
        superfluous.add(table);
        outputs.add(wanted);
      } else {
        unchanged = false;
        outputs.add(
            wanted.atVersion(
                tables.replace(table, base, StepRunner.info(call, wanted.identity()))));
      }
    }
    for (StagedModel model : staged.models()) {
      ModelManifest manifest = models.publish(manifest(call, model));
      unchanged &= !manifest.attempt().equals(call.attempt());
      outputs.add(output(model, manifest));
    }
    return new Published(outputs, unchanged, superfluous);
  }

  /** Where it is on record what the table holds by partition; null if it has none. */
  private @Nullable String partitions(Audited audit) {
    StagedTable table = audit.table();
    return table.partitionBy().isEmpty() ? null : reuse.keep(table.uri(), audit.partitions());
  }

  /** Whether a version has this content, and all of its files: what lost one is made anew. */
  private boolean holds(String uri, long version, String identity) {
    return tables.findContent(uri, version).filter(identity::equals).isPresent()
        && tables.findReadable(uri, version).isPresent();
  }

  /** Makes those versions the heads again and says what every output is now. */
  List<OutputVersion> restore(
      AttemptCall call, List<OutputVersion> outputs, List<OutputVersion> behind) {
    List<OutputVersion> now = new ArrayList<>();
    for (OutputVersion output : outputs) {
      now.add(
          behind.contains(output)
              ? output.atVersion(
                  tables.restore(
                      output.uri(), output.version(), StepRunner.info(call, output.identity())))
              : output);
    }
    return now;
  }

  /** The tables of an entry as if they were staged, so that they can be judged again. */
  List<StagedTable> published(ReuseEntry entry) {
    List<StagedTable> found = new ArrayList<>();
    for (OutputVersion output : entry.outputs()) {
      if (output.kind() == OutputKind.TABLE) {
        OutputVersion readable = Heads.readable(tables, output);
        TableLog.Snapshot snapshot =
            tables
                .find(readable.uri(), readable.version())
                .orElseThrow(
                    () ->
                        new EngineException(
                            ErrorType.INPUT_GONE,
                            "table " + output.uri() + " lost version " + output.version()));
        found.add(
            new StagedTable(
                output.port(),
                output.name(),
                output.uri(),
                entry.attempt(),
                snapshot.schemaJson(),
                snapshot.partitionBy(),
                snapshot.files()));
      }
    }
    return found;
  }

  private String uri(String name) {
    return run.spec().name() + "/" + name;
  }

  private static OutputVersion output(StagedModel model, ModelManifest manifest) {
    return new OutputVersion(
        OutputKind.MODEL,
        model.port(),
        model.name(),
        manifest.uri(),
        0,
        model.digest(),
        null,
        0,
        model.bytes(),
        null);
  }

  private ModelManifest manifest(AttemptCall call, StagedModel model) {
    return new ModelManifest(
        run.spec().name(),
        model.name(),
        model.digest(),
        model.uri(),
        call.run(),
        call.attempt(),
        model.files(),
        model.signature());
  }
}
