package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.MaxAge;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.port.SourcePins;
import io.mlpipeline.port.TableLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Resolves external inputs: files by what is in them, tables by their log.
 *
 * <p>Local files are hashed behind a stat cache and need no class of Hadoop; elsewhere the store's
 * ETag counts, or size and time, marked weak. The identity of files is a hash over their names
 * below the location and their digests; no absolute path goes in. A location without a scheme is a
 * local path. Paths of pinned files are as Hadoop writes them: absolute, with a scheme, not
 * percent-encoded.
 */
public final class FileSourcePins implements SourcePins {

  /** Bytes from which on more than one thread pays. */
  private static final long PARALLEL = 4 << 20;

  private final Options options;
  private final AtomicLong asked = new AtomicLong();
  private final TableLog log;
  private final Supplier<Configuration> hadoop;

  /** How far what a file looked like is trusted. */
  public enum VerifyMode {
    /** A local file that looks as it did is not read again. */
    STAT_CACHE,
    /** All bytes are read, except where a store's ETag vouches for them. */
    READ_ALL
  }

  /**
   * What decides how inputs are pinned.
   *
   * @param cache where the stat cache is, the objects below {@code <warehouse>/_ml/}
   * @param verify how far it is trusted
   * @param knownIdentities the identity of a table of ours by {@code <uri>@<version>}; empty for
   *     any other table
   * @param clock for {@code max-age} and for the age of what goes into the cache
   */
  public record Options(
      ObjectStore cache,
      VerifyMode verify,
      Function<String, Optional<String>> knownIdentities,
      InstantSource clock) {}

  /**
   * Resolves with these options.
   *
   * @param hadoop asked for only if a location is not local; where Hadoop is not on the class path
   *     this must be no lambda, for linking one loads {@link Configuration}
   */
  public FileSourcePins(Options options, TableLog log, Supplier<Configuration> hadoop) {
    this.options = options;
    this.log = log;
    this.hadoop = hadoop;
  }

  @Override
  public Optional<PinnedSource> pin(InputSpec input) {
    return switch (input.kind()) {
      case FILES -> pinFiles(input);
      case TABLE -> pinTable(input);
      case JDBC -> Optional.of(asked(input));
      case MODEL -> throw new IllegalArgumentException("models are pinned by their registry");
    };
  }

  /** What a database will say cannot be known: every planning is another time. */
  private PinnedSource asked(InputSpec input) {
    String identity = "asked:" + options.clock().instant() + "#" + asked.incrementAndGet();
    return new PinnedSource(
        input.name(), InputKind.JDBC, input.location(), -1, identity, true, List.of(), 0);
  }

  private Optional<PinnedSource> pinFiles(InputSpec input) {
    String location = absolute(input);
    boolean local = location.startsWith("file:");
    List<SourceFile> files =
        local
            ? LocalSources.list(location.substring("file:".length()))
            : HadoopSources.list(location, hadoop.get());
    if (files.isEmpty()) {
      return Optional.empty();
    }
    SourceFile newest =
        files.stream().max(Comparator.comparingLong(SourceFile::modifiedNanos)).orElseThrow();
    checkAge(input, newest.name(), newest.modifiedMillis());
    Map<String, String> hashes = local ? hashLocal(location, files) : hashOthers(files);
    List<PinnedFile> pinned = files.stream().map(f -> pinned(f, hashes.get(f.name()))).toList();
    return Optional.of(
        new PinnedSource(
            input.name(),
            InputKind.FILES,
            location,
            -1,
            identity(pinned),
            pinned.stream().anyMatch(f -> f.digest().startsWith("weak:")),
            pinned,
            pinned.stream().mapToLong(PinnedFile::size).sum()));
  }

  private Map<String, String> hashLocal(String location, List<SourceFile> files) {
    StatCache cache = StatCache.load(options.cache(), location);
    boolean trust = options.verify() == VerifyMode.STAT_CACHE;
    List<SourceFile> unknown = files.stream().filter(f -> !trust || cache.find(f) == null).toList();
    Instant now = options.clock().instant();
    Map<String, String> hashes = new HashMap<>();
    files.forEach(f -> hashes.computeIfAbsent(f.name(), n -> cache.find(f)));
    hashes.putAll(
        stream(unknown).collect(Collectors.toMap(SourceFile::name, FileSourcePins::hashLocal)));
    cache.save(files, hashes, now);
    return hashes;
  }

  private static String hashLocal(SourceFile file) {
    return SourceHashes.ofLocal(file, Objects.requireNonNull(file.local()));
  }

  /** By name, for those that no ETag vouches for; empty unless all bytes are to be read. */
  private Map<String, String> hashOthers(List<SourceFile> files) {
    if (options.verify() == VerifyMode.STAT_CACHE) {
      return Map.of();
    }
    Configuration conf = hadoop.get();
    return stream(files.stream().filter(f -> f.etag() == null).toList())
        .collect(Collectors.toMap(SourceFile::name, f -> hashOther(f, conf)));
  }

  private static String hashOther(SourceFile file, Configuration conf) {
    try (InputStream in = HadoopSources.open(file.path(), conf)) {
      return SourceHashes.ofBytes(in, file.size());
    } catch (IOException e) {
      throw HadoopSources.failed(file.path(), e);
    }
  }

  private static Stream<SourceFile> stream(List<SourceFile> files) {
    boolean much = files.stream().mapToLong(SourceFile::size).sum() > PARALLEL || files.size() > 64;
    return much && files.size() > 1 ? files.parallelStream() : files.stream();
  }

  private static PinnedFile pinned(SourceFile file, @Nullable String hash) {
    String digest =
        hash != null
            ? "sha256:" + hash
            : file.etag() != null
                ? "etag:" + file.etag()
                : "weak:" + file.size() + ":" + file.modifiedMillis();
    return new PinnedFile(file.path(), file.name(), file.size(), file.modifiedMillis(), digest);
  }

  /** Names are in it because a path below the location can hold the value of a partition. */
  private static String identity(List<PinnedFile> files) {
    MessageDigest digest = SourceHashes.sha256();
    for (PinnedFile file : files) {
      for (String part : List.of(file.name(), file.digest())) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
      }
    }
    return "files:" + SourceHashes.hex(digest);
  }

  private Optional<PinnedSource> pinTable(InputSpec input) {
    String uri = absolute(input);
    OptionalLong head = log.findHead(uri);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Long asked = input.version();
    long version = asked == null ? head.getAsLong() : asked;
    if (version > head.getAsLong()) {
      throw noVersion(input, version, "its newest version is " + head.getAsLong());
    }
    Optional<String> known = options.knownIdentities().apply(uri + "@" + version);
    if (known.isEmpty() || ageOfFiles(input) != null) {
      TableLog.Snapshot found =
          log.find(uri, version)
              .orElseThrow(() -> noVersion(input, version, "its log does not go back so far"));
      checkAge(input, found);
      known =
          known.or(() -> Optional.of("delta:" + found.tableId() + ":" + found.lastDataChange()));
    }
    return Optional.of(
        new PinnedSource(
            input.name(), InputKind.TABLE, uri, version, known.orElseThrow(), false, List.of(), 0));
  }

  private static EngineException noVersion(InputSpec input, long version, String why) {
    return new EngineException(
        ErrorType.INPUT_MISSING,
        "Table "
            + input.location()
            + " ("
            + input.name()
            + ") has no version "
            + version
            + ": "
            + why
            + ". Name another one, or none for the newest.");
  }

  private void checkAge(InputSpec input, TableLog.Snapshot found) {
    if (ageOfFiles(input) != null && found.files().isEmpty()) {
      Warnings.LOG.warn("max-age of {} is not checked: the log shows no files", input.name());
    }
    found.files().stream()
        .max(Comparator.comparingLong(f -> f.modifiedMillis()))
        .ifPresent(f -> checkAge(input, f.path(), f.modifiedMillis()));
  }

  private void checkAge(InputSpec input, String newest, long modifiedMillis) {
    Duration maxAge = ageOfFiles(input);
    if (maxAge == null) {
      return;
    }
    Instant now = options.clock().instant();
    Instant modified = Instant.ofEpochMilli(modifiedMillis);
    if (modified.plus(maxAge).isBefore(now)) {
      throw new EngineException(
          ErrorType.INPUT_STALE,
          "The newest file of "
              + input.name()
              + ", "
              + newest
              + ", was written at "
              + modified
              + "; now it is "
              + now
              + ", and max-age is "
              + maxAge
              + ". Wait for the source, or raise max-age.");
    }
  }

  /** Null if the files may be of any age; where a column counts, who reads the rows judges it. */
  private static @Nullable Duration ageOfFiles(InputSpec input) {
    MaxAge maxAge = input.maxAge();
    return maxAge == null || maxAge.column() != null ? null : maxAge.duration();
  }

  /** With a scheme, as Hadoop writes it. */
  private static String absolute(InputSpec input) {
    String location = input.location();
    if (location.startsWith("file:")) {
      location = location.substring("file:".length());
      location = location.startsWith("//") ? location.substring(2) : location;
    } else if (location.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      return location;
    }
    try {
      return "file:" + Path.of(location).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "The location of " + input.name() + " is no path: " + e.getReason(),
          e);
    }
  }
}
