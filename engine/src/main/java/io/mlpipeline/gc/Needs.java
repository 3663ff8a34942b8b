package io.mlpipeline.gc;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.port.Housekeeping.Records;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What records need, and which record needs it. For one thread. */
final class Needs {

  /** Who needs it where no person asks for a name. */
  static final String REUSE = "reuse";

  private static final String MODEL = "m1:";

  private final UnaryOperator<String> relative;
  private final Map<String, SortedMap<Long, SortedSet<String>>> tables = new HashMap<>();
  private final Set<String> models = new HashSet<>();
  private final Set<String> directories = new HashSet<>();
  private final Set<String> files = new HashSet<>();
  private final Set<String> runs = new HashSet<>();
  private final Set<String> partitions = new HashSet<>();

  /**
   * Nothing is needed yet.
   *
   * @param relative makes a URI of a table of the warehouse relative to it
   */
  Needs(UnaryOperator<String> relative) {
    this.relative = relative;
  }

  /** What a registered version needs to be loaded, rolled back to and made again. */
  void add(ModelCard card, String holder) {
    model(card.pipeline(), card.artifact(), card.digest(), card.uri());
    runs.add(card.run());
    for (ReceiptStep step : card.steps()) {
      runs.add(step.entry().run());
      step.entry().outputs().forEach(output -> add(step.entry().pipeline(), output, holder));
      step.inputs().forEach(input -> add(card.pipeline(), input, holder));
      gates(step.entry(), holder);
    }
    LineageInput learned = card.trainedOn();
    if (learned != null) {
      add(card.pipeline(), learned, holder);
    }
    card.sources().forEach(source -> add(source, holder));
  }

  /** What a reuse entry leads to. */
  void add(ReuseEntry entry, String holder) {
    runs.add(entry.run());
    entry.outputs().forEach(output -> add(entry.pipeline(), output, holder));
    gates(entry, holder);
    entry
        .rejected()
        .forEach(
            table -> table.files().forEach(file -> files.add(table.uri() + "/" + file.path())));
    entry.rejectedModels().forEach(model -> directories.add(model.uri()));
  }

  /** An input that a run has pinned. */
  void add(PinnedSource source, String holder) {
    if (source.kind() == InputKind.TABLE) {
      table(source.uri(), source.version(), holder);
    } else if (source.kind() == InputKind.MODEL) {
      int slash = source.uri().indexOf('/');
      String pipeline = source.uri().substring(0, slash);
      String name = source.uri().substring(slash + 1);
      models.add(Records.model(pipeline, name, source.identity()));
      source.files().stream().map(PinnedFile::path).forEach(directories::add);
    }
  }

  /** A quarantine holds rows that somebody may correct yet. */
  private void gates(ReuseEntry entry, String holder) {
    for (GateReport gate : entry.gates()) {
      QuarantineReport apart = gate.quarantine();
      if (apart != null && apart.table() != null) {
        add(entry.pipeline(), apart.table(), holder);
      }
    }
  }

  private void add(String pipeline, OutputVersion output, String holder) {
    if (output.kind() == OutputKind.TABLE) {
      table(output.uri(), output.version(), holder);
      if (output.partitions() != null) {
        partitions.add(output.uri() + "/" + output.partitions());
      }
    } else if (output.kind() == OutputKind.MODEL) {
      model(pipeline, output.name(), output.digest(), output.uri());
    }
  }

  private void add(String pipeline, LineageInput input, String holder) {
    if (input.identity().startsWith(MODEL)) {
      model(pipeline, input.name(), input.identity(), input.uri());
    } else if (input.version() >= 0) {
      table(input.uri(), input.version(), holder);
    }
  }

  private void model(String pipeline, String name, String digest, String uri) {
    models.add(Records.model(pipeline, name, digest));
    directories.add(uri);
  }

  private void table(String uri, long version, String holder) {
    tables
        .computeIfAbsent(relative.apply(uri), key -> new TreeMap<>())
        .computeIfAbsent(version, key -> new TreeSet<>())
        .add(holder);
  }

  /** The needed versions of a table, each with those who need it. */
  SortedMap<Long, SortedSet<String>> versions(String table) {
    return tables.getOrDefault(table, Collections.emptySortedMap());
  }

  boolean hasModel(String pipeline, String name, String digest) {
    return models.contains(Records.model(pipeline, name, digest));
  }

  boolean hasDirectory(String uri) {
    return directories.contains(uri);
  }

  /** The runs that made something of it. */
  Set<String> runs() {
    return runs;
  }

  /** Whether a version goes by what is kept, under that name, of what it holds by partition. */
  boolean hasPartitions(String table, String name) {
    return partitions.contains(table + "/" + name);
  }

  /** Whether a gate rejected the file and it is kept to be judged again. */
  boolean hasFile(String path) {
    return files.contains(path);
  }
}
