package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileSourcePinsTest {

  private static final Instant NOW = Instant.parse("2024-06-05T00:00:00Z");
  private static final FileTime OLD = FileTime.from(NOW.minusSeconds(3600));
  private static final Supplier<Configuration> NO_HADOOP =
      () -> {
        throw new AssertionError("local inputs need no Hadoop");
      };

  @TempDir private Path data;

  private final MapObjectStore cache = new MapObjectStore();
  private final Map<String, String> known = new HashMap<>();
  private final FakeLog log = new FakeLog();

  @BeforeEach
  void files() throws IOException {
    write("b/x.csv", "1");
    write("b/y.json", "22");
    write("a.csv", "333");
    write("z.csv", "");
    write("_SUCCESS", "no");
    write(".hidden/h.csv", "no");
    write("_tmp/t.csv", "no");
    write("_day=1/p.csv", "4");
  }

  private Path write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setLastModifiedTime(file, OLD);
  }

  private FileSourcePins pins(FileSourcePins.VerifyMode mode, InstantSource clock) {
    FileSourcePins.Options options =
        new FileSourcePins.Options(cache, mode, k -> Optional.ofNullable(known.get(k)), clock);
    return new FileSourcePins(options, log, NO_HADOOP);
  }

  private FileSourcePins pins() {
    return pins(FileSourcePins.VerifyMode.STAT_CACHE, () -> NOW);
  }

  private FileSourcePins verifying() {
    return pins(FileSourcePins.VerifyMode.READ_ALL, () -> NOW);
  }

  private static InputSpec spec(InputKind kind, String location, Long version, Duration maxAge) {
    return new InputSpec(
        "raw",
        kind,
        location,
        null,
        Collections.emptySortedMap(),
        version,
        null,
        maxAge == null ? null : new io.mlpipeline.model.MaxAge(maxAge, null),
        GateSpec.OPEN,
        InputSpec.Presence.REQUIRED,
        List.of(),
        null,
        SourceLocation.UNKNOWN);
  }

  private static InputSpec at(Object location) {
    return spec(InputKind.FILES, location.toString(), null, null);
  }

  private PinnedSource pin(Object location) {
    return pins().pin(at(location)).orElseThrow();
  }

  private void assertRefused(Object location, ErrorType type, String words) {
    assertThatThrownBy(() -> pins().pin(at(location)))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "           | _day=1/p.csv a.csv b/x.csv b/y.json z.csv",
        "/          | _day=1/p.csv a.csv b/x.csv b/y.json z.csv",
        "/a.csv     | a.csv",
        "/*.csv     | a.csv z.csv",
        "/**/*.csv  | _day=1/p.csv a.csv b/x.csv z.csv",
        "/b/*       | x.csv y.json",
        "/*         | _day=1/p.csv a.csv b/x.csv b/y.json z.csv",
        "/[ab]*     | a.csv b/x.csv b/y.json",
        "/{a.csv,b/x.csv} | a.csv b/x.csv",
        "/?.csv     | a.csv z.csv",
        "/_day=*    | _day=1/p.csv",
      })
  void findsFilesByNameDirectoryAndGlob(String suffix, String names) {
    String location = data + (suffix == null ? "" : suffix);
    for (String form : List.of(location, "file:" + location, "file://" + location)) {
      assertThat(pin(form).files()).extracting(PinnedFile::name).containsExactly(names.split(" "));
    }
  }

  @Test
  void pinsBytesAndNoAbsolutePath() throws IOException {
    PinnedSource pinned = pin(data);
    assertThat(pinned.uri()).isEqualTo("file:" + data);
    assertThat(pinned.version()).isEqualTo(-1);
    assertThat(pinned.weak()).isFalse();
    assertThat(pinned.bytes()).isEqualTo(7);
    PinnedFile a = pinned.files().get(1);
    assertThat(a.path()).isEqualTo("file:" + data.resolve("a.csv"));
    assertThat(a.digest())
        .isEqualTo("sha256:556d7dc3a115356350f1f9910b1af1ab0e312d4b3e4fc788d2da63668f36d017");
    Path copy = Files.createDirectory(data.resolve(".copy"));
    for (PinnedFile file : pinned.files()) {
      Files.createDirectories(copy.resolve(file.name()).getParent());
      Files.copy(data.resolve(file.name()), copy.resolve(file.name()));
    }
    assertThat(pin(copy).identity()).isEqualTo(pinned.identity()).startsWith("files:");
  }

  @Test
  void everyChangeOfContentOrNameIsAnotherIdentity() throws IOException {
    String before = verified();
    write("a.csv", "334");
    String edited = verified();
    write("a.csv", "333");
    assertThat(verified()).isEqualTo(before).isNotEqualTo(edited);
    Files.move(data.resolve("a.csv"), data.resolve("c.csv"));
    assertThat(verified()).isNotEqualTo(before);
    write("a.csv", "333");
    assertThat(verified()).isNotEqualTo(before);
  }

  private String verified() {
    return verifying().pin(at(data)).orElseThrow().identity();
  }

  @Test
  void trustsTheStatCacheUnlessToldToVerify() throws IOException {
    Path file = data.resolve("a.csv");
    String before = pin(file).identity();
    Files.writeString(file, "444");
    Files.setLastModifiedTime(file, OLD);
    assertThat(pin(file).identity()).isEqualTo(before);
    String verified = verifying().pin(at(file)).orElseThrow().identity();
    assertThat(verified).isNotEqualTo(before);
    assertThat(pin(file).identity()).isEqualTo(verified);
  }

  @Test
  void anotherSizeTimeOrInodeIsReadAgain() throws IOException {
    Path file = data.resolve("a.csv");
    String before = pin(file).identity();
    Files.writeString(file, "555");
    Files.setLastModifiedTime(
        file, FileTime.from(OLD.to(TimeUnit.NANOSECONDS) + 1, TimeUnit.NANOSECONDS));
    String touched = pin(file).identity();
    assertThat(touched).isNotEqualTo(before);
    Files.move(write("other", "666"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(
        file, FileTime.from(OLD.to(TimeUnit.NANOSECONDS) + 1, TimeUnit.NANOSECONDS));
    assertThat(pin(file).identity()).isNotEqualTo(touched);
  }

  @Test
  void aFileThatWasJustWrittenIsNotTrustedNextTime() throws IOException {
    Path file = data.resolve("a.csv");
    Instant soon = OLD.toInstant().plusMillis(1999);
    FileSourcePins racing = pins(FileSourcePins.VerifyMode.STAT_CACHE, () -> soon);
    String before = racing.pin(at(file)).orElseThrow().identity();
    Files.writeString(file, "777");
    Files.setLastModifiedTime(file, OLD);
    assertThat(racing.pin(at(file)).orElseThrow().identity()).isNotEqualTo(before);
  }

  @Test
  void aDamagedOrUnwritableCacheCostsTimeOnly() {
    String before = pin(data).identity();
    cache.objects.replaceAll((k, v) -> new byte[] {'{'});
    assertThat(pin(data).identity()).isEqualTo(before);
    MapObjectStore readOnly =
        new MapObjectStore() {
          @Override
          public void replace(String key, byte[] content) {
            throw new EngineException(ErrorType.ACCESS_DENIED, "read-only");
          }

          @Override
          public Optional<byte[]> find(String key) {
            throw new EngineException(ErrorType.STORAGE_UNAVAILABLE, "gone");
          }
        };
    FileSourcePins.Options options =
        new FileSourcePins.Options(
            readOnly, FileSourcePins.VerifyMode.STAT_CACHE, k -> Optional.empty(), () -> NOW);
    FileSourcePins pins = new FileSourcePins(options, log, NO_HADOOP);
    assertThat(pins.pin(at(data)).orElseThrow().identity()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/nothing/*.csv", "/*.parquet", "/empty", "/a.csv/x", "/b/*.tsv"})
  void whatIsNotThereIsEmpty(String suffix) throws IOException {
    Files.createDirectory(data.resolve("empty"));
    assertThat(pins().pin(at(data + suffix))).isEmpty();
  }

  @Test
  void refusesPipesDevicesAndOddDirectoriesWithoutHanging() throws Exception {
    assertRefused("/dev/zero", ErrorType.INPUT_MISSING, "a pipe, a socket or a device");
    Path fifo = data.resolve("pipe.csv");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    for (Object location : List.of(fifo, data, data + "/*.csv", data + "/**/*.csv")) {
      assertRefused(location, ErrorType.INPUT_MISSING, "pipe.csv cannot be an input");
    }
    Path named = Files.createDirectory(data.resolve("b/day.csv"));
    assertRefused(named, ErrorType.INPUT_MISSING, "named like a file");
    Files.writeString(named.resolve("part-0.csv"), "1");
    assertThat(pin(named).files()).hasSize(1);
    assertRefused(data.resolve("_SUCCESS"), ErrorType.INPUT_MISSING, "Spark ignores");
    assertRefused("/x\0y", ErrorType.CONFIG_INVALID, "no path");
    assertRefused(data + "/[a", ErrorType.CONFIG_INVALID, "no glob");
  }

  @Test
  void followsLinksButNotForEver() throws IOException {
    Path inputs = Files.createDirectory(data.resolve(".links"));
    Files.createSymbolicLink(inputs.resolve("l.csv"), data.resolve("a.csv"));
    Files.createSymbolicLink(inputs.resolve("d"), data.resolve("b"));
    assertThat(pin(inputs).files())
        .extracting(PinnedFile::name)
        .containsExactly("d/x.csv", "d/y.json", "l.csv");
    Path loop = Files.createSymbolicLink(inputs.resolve("loop"), inputs);
    assertRefused(inputs, ErrorType.INPUT_MISSING, "a directory above itself");
    assertThat(pin(inputs + "/*.csv").files()).hasSize(1);
    Files.delete(loop);
    Path broken = Files.createSymbolicLink(inputs.resolve("x.csv"), Path.of("/nowhere"));
    assertRefused(inputs, ErrorType.INPUT_MISSING, "leads nowhere");
    assertRefused(broken, ErrorType.INPUT_MISSING, "leads nowhere");
  }

  @Test
  void noPermissionNamesThePath() {
    EngineException denied =
        LocalSources.failed(Path.of("/secret/a.csv"), new AccessDeniedException("/secret/a.csv"));
    assertThat(denied.type()).isEqualTo(ErrorType.ACCESS_DENIED);
    assertThat(denied).hasMessageContaining("/secret/a.csv");
  }

  @Test
  void aLiteralNameWithWildcardsIsNoGlob() throws IOException {
    Path odd = write("b/[x] *{1}%20 ü.csv", "5");
    assertThat(pin(odd).files().get(0).path()).isEqualTo("file:" + odd);
    assertThat(pin(odd).files()).hasSize(1);
  }

  @Test
  void manyFilesAreHashedAsOne() throws IOException {
    for (int i = 0; i < 300; i++) {
      write("many/" + i + ".csv", "row " + i);
    }
    PinnedSource first = pin(data.resolve("many"));
    assertThat(first.files()).hasSize(300).extracting(PinnedFile::name).isSorted();
    assertThat(verifying().pin(at(data.resolve("many")))).contains(first);
  }

  @Test
  void aStaleInputSaysBothTimesAndWhatToDo() throws IOException {
    Duration hour = Duration.ofHours(1);
    assertThat(pins().pin(spec(InputKind.FILES, data.toString(), null, hour))).isPresent();
    Duration less = hour.minusMillis(1);
    assertThatThrownBy(() -> pins().pin(spec(InputKind.FILES, data.toString(), null, less)))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INPUT_STALE))
        .hasMessageContaining("2024-06-04T23:00:00Z")
        .hasMessageContaining("2024-06-05T00:00:00Z")
        .hasMessageContaining("raise max-age");
    Files.setLastModifiedTime(data.resolve("a.csv"), FileTime.from(NOW));
    assertThat(pins().pin(spec(InputKind.FILES, data.toString(), null, less))).isPresent();
  }

  @Test
  void otherFileSystemsAreListedThroughHadoopAndMarkedWeak() throws IOException {
    Configuration conf = new Configuration(false);
    List<SourceFile> all = HadoopSources.list("file:" + data, conf);
    assertThat(all)
        .extracting(SourceFile::name)
        .containsExactly("_day=1/p.csv", "a.csv", "b/x.csv", "b/y.json", "z.csv");
    assertThat(HadoopSources.list("file:" + data + "/*.csv", conf)).hasSize(2);
    assertThat(HadoopSources.list("file:" + data + "/none", conf)).isEmpty();
    assertThat(HadoopSources.list("file:" + data + "/none*", conf)).isEmpty();
    assertThat(all.get(1).path()).isEqualTo("file:" + data + "/a.csv");
  }

  @Test
  void tablesArePinnedByWhatChangedThemLast() {
    InputSpec newest = spec(InputKind.TABLE, "/t", null, null);
    assertThat(pins().pin(newest)).isEmpty();
    log.head = 7;
    PinnedSource pinned = pins().pin(newest).orElseThrow();
    assertThat(pinned.version()).isEqualTo(7);
    assertThat(pinned.uri()).isEqualTo("file:/t");
    assertThat(pinned.identity()).isEqualTo("delta:id:4");
    PinnedSource old = pins().pin(spec(InputKind.TABLE, "s3a://b/t", 3L, null)).orElseThrow();
    assertThat(old.version()).isEqualTo(3);
    assertThat(old.uri()).isEqualTo("s3a://b/t");
    known.put("file:/t@7", "c1:1:00#aa");
    assertThat(pins().pin(newest).orElseThrow().identity()).isEqualTo("c1:1:00#aa");
    for (long version : List.of(8L, 1L)) {
      assertThatThrownBy(() -> pins().pin(spec(InputKind.TABLE, "/t", version, null)))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INPUT_MISSING))
          .hasMessageContaining("has no version " + version);
    }
    assertThatThrownBy(() -> pins().pin(spec(InputKind.TABLE, "/t", null, Duration.ofMinutes(1))))
        .hasMessageContaining("max-age is PT1M");
  }

  /** One table whose versions 2 up to the head are there. */
  private static final class FakeLog implements TableLog {
    private long head = -1;

    @Override
    public Optional<String> findContent(String uri, long version) {
      return Optional.empty();
    }

    @Override
    public OptionalLong findHead(String uri) {
      return head < 0 ? OptionalLong.empty() : OptionalLong.of(head);
    }

    @Override
    public Optional<Snapshot> find(String uri, long version) {
      DataFile file = new DataFile("p", Collections.emptySortedMap(), 1, OLD.toMillis(), 1, null);
      return version < 2
          ? Optional.empty()
          : Optional.of(
              new Snapshot(
                  uri, version, "id", "{}", List.of(), List.of(file), false, Math.min(4, version)));
    }

    @Override
    public Optional<Snapshot> findNewest(String uri) {
      return find(uri, head);
    }

    @Override
    public Optional<String> findAttempt(String uri, long version) {
      return Optional.empty();
    }

    @Override
    public boolean allPresent(String uri, List<DataFile> files) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long replace(StagedTable staged, long base, CommitInfo info) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long restore(String uri, long version, CommitInfo info) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void asksADatabaseAnewAtEveryPlanning() {
    FileSourcePins pins = pins();
    PinnedSource first = pins.pin(spec(InputKind.JDBC, "jdbc:x://h/d", null, null)).orElseThrow();
    PinnedSource second = pins.pin(spec(InputKind.JDBC, "jdbc:x://h/d", null, null)).orElseThrow();
    assertThat(first.weak()).isTrue();
    assertThat(first.uri()).isEqualTo("jdbc:x://h/d");
    assertThat(first.identity()).isNotEqualTo(second.identity());
  }
}
