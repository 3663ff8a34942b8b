package io.mlpipeline.spark;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.delta.StoredLedger;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.testkit.InMemoryObjectStore;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Opens attempts on the shared session, over a warehouse directory and a log in memory. */
class Attempts implements TableLog, ModelStore {

  static final SourceLocation AT = new SourceLocation("test.conf", 1);

  private final Path warehouse;
  private final Map<String, List<Snapshot>> versions = new HashMap<>();
  private final Map<String, ModelManifest> manifests = new HashMap<>();
  private final SparkSessions sessions;

  Attempts(Path warehouse) {
    this.warehouse = warehouse;
    this.sessions =
        SparkSessions.within(
            TestSpark.session(),
            warehouse.toString(),
            this,
            this,
            new StoredGates(new InMemoryObjectStore()),
            ledger());
  }

  /** A lineage in which nothing happened. */
  final Ledger ledger() {
    return new StoredLedger(
        new InMemoryObjectStore(),
        () -> {
          throw new IllegalStateException("nothing is folded here");
        });
  }

  SparkSessions sessions() {
    return sessions;
  }

  static OutputSpec output(String port) {
    return output(port, null, List.of(), List.of());
  }

  static OutputSpec output(
      String port, SchemaSpec schema, List<String> partitionBy, List<String> keys) {
    return new OutputSpec(port, port, schema, partitionBy, keys, GateSpec.OPEN, AT);
  }

  /** A contract written as {@code "id bigint not null", "name string"}. */
  static SchemaSpec contract(String... columns) {
    List<ColumnSpec> specs = new ArrayList<>();
    for (String column : columns) {
      String bare = column.replace(" not null", "");
      int at = bare.indexOf(' ');
      specs.add(new ColumnSpec(bare.substring(0, at), bare.substring(at + 1), bare.equals(column)));
    }
    return new SchemaSpec("rows-v1", specs, List.of());
  }

  static StepSpec step(String name, OutputSpec... outputs) {
    return new StepSpec(
        name, "sql", new TreeMap<>(), Params.NONE, List.of(outputs), RuntimeSpec.DEFAULT, AT);
  }

  AttemptSession open(String name, OutputSpec... outputs) {
    return open(name, List.of(), List.of(), outputs);
  }

  AttemptSession open(
      String name, List<PinnedInput> inputs, List<InputSpec> sources, OutputSpec... outputs) {
    String attempt = "r20240601-020000-1f3a9c-" + name + "-1";
    return sessions.open(
        new AttemptCall(
            "churn", "r20240601-020000-1f3a9c", attempt, step(name, outputs), inputs, sources));
  }

  /** Makes staged files a version, and says how a next step is bound to it. */
  PinnedInput publish(String port, StagedTable table) {
    long version = replace(table, -1, null);
    return new PinnedInput(
        port,
        table.name(),
        null,
        new OutputVersion(
            OutputKind.TABLE,
            table.port(),
            table.name(),
            table.uri(),
            version,
            "c1:0:" + "0".repeat(32),
            "s",
            table.rows(),
            table.bytes(),
            null));
  }

  /** An input of files that lie below a directory. */
  static InputSpec files(String name, Path root, String format, SchemaSpec schema) {
    return new InputSpec(
        name,
        InputKind.FILES,
        root.toString(),
        format,
        new TreeMap<>(),
        null,
        schema,
        null,
        GateSpec.OPEN,
        InputSpec.Presence.REQUIRED,
        List.of(),
        null,
        AT);
  }

  static PinnedInput pin(String port, InputSpec input) {
    Path root = Path.of(input.location());
    List<PinnedFile> files = new ArrayList<>();
    for (Path file : tree(root)) {
      String name = root.relativize(file).toString();
      files.add(new PinnedFile("file:" + file, name, 1, 1, "weak:1:1"));
    }
    PinnedSource source =
        new PinnedSource(
            input.name(), InputKind.FILES, input.location(), -1, "files", false, files, 1);
    return new PinnedInput(port, input.name(), source, null);
  }

  /** Every file below, sorted, without the checksums that Hadoop's local file system adds. */
  static List<Path> tree(Path root) {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().endsWith(".crc"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public OptionalLong findHead(String uri) {
    return OptionalLong.empty();
  }

  @Override
  public Optional<Snapshot> find(String uri, long version) {
    List<Snapshot> all = versions.getOrDefault(uri, List.of());
    return version < all.size() ? Optional.of(all.get((int) version)) : Optional.empty();
  }

  @Override
  public Optional<Snapshot> findNewest(String uri) {
    return Optional.empty();
  }

  @Override
  public Optional<String> findContent(String uri, long version) {
    return Optional.empty();
  }

  @Override
  public Optional<String> findAttempt(String uri, long version) {
    return Optional.empty();
  }

  @Override
  public boolean allPresent(String uri, List<DataFile> files) {
    return true;
  }

  @Override
  public long replace(StagedTable staged, long base, CommitInfo info) {
    List<Snapshot> all = versions.computeIfAbsent(staged.uri(), uri -> new ArrayList<>());
    all.add(
        new Snapshot(
            warehouse + "/" + staged.uri(),
            all.size(),
            "id",
            staged.schemaJson(),
            staged.partitionBy(),
            staged.files(),
            false,
            all.size()));
    return all.size() - 1;
  }

  @Override
  public long restore(String uri, long version, CommitInfo info) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ModelManifest publish(ModelManifest manifest) {
    manifests.put(manifest.name() + manifest.digest(), manifest);
    return manifest;
  }

  @Override
  public Optional<ModelManifest> find(String pipeline, String name, String digest) {
    return Optional.ofNullable(manifests.get(name + digest));
  }

  @Override
  public List<ModelFile> missing(ModelManifest manifest) {
    return List.of();
  }

  @Override
  public List<ModelFile> altered(ModelManifest manifest) {
    return List.of();
  }

  @Override
  public boolean isReadable(String pipeline, OutputVersion model) {
    return true;
  }
}
