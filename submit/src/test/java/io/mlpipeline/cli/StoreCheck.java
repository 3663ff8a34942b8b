package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.delta.HadoopSettings;
import io.mlpipeline.delta.LineageTable;
import io.mlpipeline.delta.StoredLeases;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.json.ReuseEntryJson;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.LeaseEnd;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.Fold;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Looks at nothing but a local warehouse and says whether what must always hold does: the eight
 * invariants of docs/reliability.md. Whatever happened to a run, and whenever.
 */
final class StoreCheck {

  /**
   * A key to a store, as Hadoop's settings hold it (fault-site.xml); it must stand nowhere else.
   */
  static final String CANARY = "canary-7f3a9c-of-the-coal-mine";

  /** What tells rows of a quarantine apart that two runs set apart. */
  private static final Pattern WHO = Pattern.compile("_(run|attempt): \\S+ ?");

  private static final String QUARANTINE = "__quarantine";

  private static final Set<String> LIVE = Set.of("running");

  private final Path root;
  private final String pipeline;
  private final Warehouse warehouse;

  StoreCheck(Path root, String pipeline) {
    this.root = root;
    this.pipeline = pipeline;
    this.warehouse = Warehouse.open(root.toString(), root);
  }

  /** What tables hold, by name: every row of their files, sorted. */
  SortedMap<String, List<String>> contents() {
    SortedMap<String, List<String>> contents = new TreeMap<>();
    for (String name : tables()) {
      String uri = pipeline + "/" + name;
      warehouse
          .tables()
          .findNewest(uri)
          .ifPresent(head -> contents.put(name, contents(uri, head.files())));
    }
    return contents;
  }

  /** By Parquet's own reader: neither Spark nor the engine has a say in it. */
  private List<String> contents(String uri, List<DataFile> files) {
    List<String> rows = new ArrayList<>();
    for (DataFile file : files) {
      Path path = root.resolve(uri).resolve(file.path());
      org.apache.hadoop.fs.Path hadoop = new org.apache.hadoop.fs.Path(path.toUri());
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), hadoop).build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          String text = row.toString().replaceAll("\\s+", " ");
          rows.add(file.partition() + " " + WHO.matcher(text).replaceAll(""));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows.stream().sorted().toList();
  }

  /**
   * Asserts that all of it holds.
   *
   * @param whole what tables hold in the end: nothing else may ever be visible
   * @param answered what runs said before they ended
   */
  void holds(Map<String, List<String>> whole, List<RunReport> answered) {
    List<LineageEvent> events = warehouse.ledger().all();
    List<ReuseEntry> entries = entries();
    everyEventOnce(events, answered);
    everyRunHasOneState(events);
    everyVersionIsWhole(events, entries, whole);
    everyKeyHasOneContent(entries);
    noModelIsTwiceInProduction();
    everyModelIsThere(entries);
    noSecretIsWritten();
    everyFileIsNeededOrLeftOver(entries);
  }

  /**
   * Ends a lease that nobody gave back. Its holder is dead; but in a test this very process was the
   * holder, and the next run would watch for half a minute whether it lives.
   */
  void endLease() {
    StoredLeases leases = new StoredLeases(warehouse.objects());
    LeaseStore.Seen seen = leases.look(pipeline);
    if (seen.standing() == LeaseStore.Standing.OPEN && seen.epoch() > 0) {
      LeaseEnd lost = new LeaseEnd(LeaseEnd.How.LOST, "a test", null, java.time.Instant.EPOCH);
      leases.end(pipeline, seen.epoch(), lost);
    }
  }

  /** The first. */
  private void everyEventOnce(List<LineageEvent> events, List<RunReport> answered) {
    List<LineageEvent> folded = new LineageTable(root + "/_ml/lineage", new HadoopSettings()).all();
    assertThat(folded).extracting(LineageEvent::id).doesNotHaveDuplicates();
    for (RunReport report : answered) {
      List<LineageEvent> its =
          events.stream().filter(e -> e.runId().equals(report.runId().value())).toList();
      assertThat(its)
          .filteredOn(e -> e.kind() == LineageEvent.Kind.RUN)
          .extracting(LineageEvent::status)
          .contains(report.status().word());
      report.steps().stream()
          .filter(step -> !step.outputs().isEmpty())
          .forEach(
              step ->
                  assertThat(its)
                      .filteredOn(e -> step.name().equals(e.step()) && !e.outputs().isEmpty())
                      .anyMatch(e -> named(e.outputs()).equals(named(step.outputs()))));
    }
  }

  private static List<String> named(List<OutputVersion> outputs) {
    return outputs.stream().map(o -> o.uri() + "@" + o.version() + " " + o.identity()).toList();
  }

  /** The second; a run that has only begun is live, or lost once its lease is over. */
  private static void everyRunHasOneState(List<LineageEvent> events) {
    Map<String, List<String>> states =
        events.stream()
            .filter(e -> e.kind() == LineageEvent.Kind.RUN)
            .filter(e -> !LIVE.contains(e.status()))
            .collect(
                Collectors.groupingBy(
                    LineageEvent::runId,
                    Collectors.mapping(LineageEvent::status, Collectors.toList())));
    assertThat(states.values()).allSatisfy(ends -> assertThat(ends).hasSize(1));
  }

  /** The third: what is recorded can be read, and whatever can be read is whole. */
  private void everyVersionIsWhole(
      List<LineageEvent> events, List<ReuseEntry> entries, Map<String, List<String>> whole) {
    Stream.concat(
            events.stream().flatMap(e -> e.outputs().stream()),
            entries.stream().flatMap(e -> e.outputs().stream()))
        .filter(output -> output.kind() == OutputKind.TABLE)
        .distinct()
        .forEach(this::isReadable);
    contents()
        .forEach(
            (name, files) ->
                assertThat(files).as("what %s holds", name).isEqualTo(whole.get(name)));
    for (String name : tables()) {
      warehouse
          .tables()
          .findNewest(pipeline + "/" + name)
          .filter(head -> !name.endsWith(QUARANTINE)) // its rows name the run that set them apart
          .ifPresent(head -> assertThat(head.version()).as("versions of %s", name).isZero());
    }
  }

  private void isReadable(OutputVersion output) {
    Optional<TableLog.Snapshot> found = warehouse.tables().find(output.uri(), output.version());
    assertThat(found).as("%s", output).isPresent();
    List<DataFile> files = found.get().files();
    assertThat(warehouse.tables().allPresent(output.uri(), files)).as("%s", output).isTrue();
    assertThat(files.stream().mapToLong(DataFile::rows).sum()).isEqualTo(output.rows());
    assertThat(warehouse.tables().findContent(output.uri(), output.version()))
        .contains(output.identity());
  }

  /** The fourth. */
  private static void everyKeyHasOneContent(List<ReuseEntry> entries) {
    Map<String, Set<List<String>>> contents = new HashMap<>();
    for (ReuseEntry entry : entries) {
      if (entry.verdict() != Verdict.REJECT) {
        contents
            .computeIfAbsent(
                entry.step() + " " + entry.fingerprint().sha256(), k -> new HashSet<>())
            .add(entry.outputs().stream().map(OutputVersion::identity).toList());
      }
    }
    assertThat(contents.values()).allSatisfy(of -> assertThat(of).hasSize(1));
  }

  /** The fifth: after each event, not only after the last. */
  private void noModelIsTwiceInProduction() {
    for (String model : warehouse.registry().models()) {
      List<RegistryEvent> events = warehouse.registry().events(model);
      ModelState last = warehouse.registry().state(model);
      ModelState state = ModelState.none(model);
      for (int i = 0; i < events.size(); i++) {
        boolean more = i + 1 < events.size();
        state = Fold.add(state, events.get(i), more ? events.get(i + 1).previous() : last.seal());
        assertThat(state.at(PromotionStage.PRODUCTION)).hasSizeLessThanOrEqualTo(1);
      }
      assertThat(state).isEqualTo(last);
    }
  }

  /** The sixth. */
  private void everyModelIsThere(List<ReuseEntry> entries) {
    for (ReuseEntry entry : entries) {
      for (OutputVersion output : entry.outputs()) {
        if (output.kind() == OutputKind.MODEL) {
          Optional<ModelManifest> found =
              warehouse.models().find(pipeline, output.name(), output.digest());
          assertThat(found).as("%s", output).isPresent();
          assertThat(warehouse.models().altered(found.get())).as("%s", output).isEmpty();
        }
      }
    }
  }

  /** The seventh. */
  private void noSecretIsWritten() {
    for (Path file : files("")) {
      assertThat(text(file)).as("%s", file).doesNotContain(CANARY);
    }
  }

  /** The eighth: of each table's files those that a version names, and those that gc would take. */
  private void everyFileIsNeededOrLeftOver(List<ReuseEntry> entries) {
    InstantSource later = () -> InstantSource.system().instant().plus(Duration.ofDays(3));
    Set<String> leftOver =
        warehouse
            .housekeeper(later)
            .plan(new GcOptions(GcOptions.SHORTEST, 1, null, null))
            .garbage()
            .stream()
            .flatMap(garbage -> garbage.files().stream())
            .map(file -> file.path())
            .collect(Collectors.toSet());
    Set<String> needed = needed(entries);
    assertThat(leftOver).allSatisfy(path -> assertThat(needed).doesNotContain(path));
    List<String> neither = new ArrayList<>();
    for (Path file : files(pipeline)) {
      String path = root.relativize(file).toString();
      boolean data = path.endsWith(".parquet") && !path.contains("/_delta_log/");
      if (data && !needed.contains(path) && !leftOver.contains(path)) {
        neither.add(path);
      }
    }
    assertThat(neither).isEmpty();
  }

  private Set<String> needed(List<ReuseEntry> entries) {
    Set<String> needed = new HashSet<>();
    for (String name : tables()) {
      String uri = pipeline + "/" + name;
      for (long v = warehouse.tables().findHead(uri).orElse(-1); v >= 0; v--) {
        warehouse
            .tables()
            .find(uri, v)
            .ifPresent(s -> s.files().forEach(file -> needed.add(uri + "/" + file.path())));
      }
    }
    for (ReuseEntry entry : entries) {
      entry.rejected().forEach(t -> t.files().forEach(f -> needed.add(t.uri() + "/" + f.path())));
    }
    return needed;
  }

  private List<ReuseEntry> entries() {
    List<ReuseEntry> entries = new ArrayList<>();
    for (String key : warehouse.objects().list("reuse/" + pipeline + "/")) {
      try {
        entries.add(ReuseEntryJson.read(warehouse.objects().find(key).orElseThrow()));
      } catch (io.mlpipeline.json.FormException e) {
        throw new AssertionError(key, e);
      }
    }
    return entries;
  }

  private List<String> tables() {
    try (Stream<Path> found = Files.list(root.resolve(pipeline))) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (java.nio.file.NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> files(String below) {
    Path directory = root.resolve(below);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> found = Files.walk(directory)) {
      return found.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    return read(file, bytes -> new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  private static <T> T read(Path file, Function<byte[], T> use) {
    try {
      return use.apply(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
