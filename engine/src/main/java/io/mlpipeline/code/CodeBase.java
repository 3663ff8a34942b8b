package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepTypeInfo;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a class path offers, and a digest of the code behind each; no class is loaded.
 *
 * <p>A step's digest is over the bytecode, without debug information, of every project class that
 * it can reach, and the SHA-256 of every third-party jar that it can reach. The platform's own
 * classes (JDK, Spark, Scala, Hadoop, Delta, this engine) do not count. Equal class files give
 * equal digests wherever they lie and whatever they are packed in.
 */
public final class CodeBase {

  private final Known known;
  private final SortedMap<String, StepTypeInfo> byUses = new TreeMap<>();

  private CodeBase(Known known) {
    this.known = known;
    for (StepTypeInfo info : known.types().values()) {
      if (!known.problems().containsKey(info.uses())) {
        byUses.put(info.uses(), info);
      }
    }
  }

  /**
   * Reads a class path.
   *
   * @param projectEntries jars and directories whose classes count one by one; of two classes of
   *     one name the first counts
   * @param thirdPartyJars jars that count as a whole
   * @throws EngineException if an entry cannot be read, or a class that a step reaches is damaged
   */
  public static CodeBase scan(List<Path> projectEntries, List<Path> thirdPartyJars) {
    return new CodeBase(Scan.of(projectEntries, thirdPartyJars));
  }

  /**
   * The same through a cache: if path, size and modification time of every jar and class file are
   * as they were, nothing else is read. A damaged or older cache, or one that cannot be written, is
   * ignored.
   *
   * @param cacheFile where the cache is; null for none
   */
  public static CodeBase scan(
      List<Path> projectEntries, List<Path> thirdPartyJars, @Nullable Path cacheFile) {
    if (cacheFile == null) {
      return scan(projectEntries, thirdPartyJars);
    }
    String stamp = Stamp.of(projectEntries, thirdPartyJars);
    Optional<Known> cached = CodeCache.load(cacheFile, stamp);
    if (cached.isPresent()) {
      return new CodeBase(cached.get());
    }
    Known fresh = Scan.of(projectEntries, thirdPartyJars);
    if (stamp.equals(Stamp.of(projectEntries, thirdPartyJars))) {
      CodeCache.save(cacheFile, stamp, fresh);
    }
    return new CodeBase(fresh);
  }

  /** Every step that can be used, by its name in {@code uses}. */
  public SortedMap<String, StepTypeInfo> stepTypes() {
    return Collections.unmodifiableSortedMap(byUses);
  }

  /**
   * The step of this name, or of this class; empty if there is none. A class without {@code
   * StepType} is none.
   *
   * @throws EngineException if there is one that cannot be used; the message says why
   */
  public Optional<StepTypeInfo> findType(String usesOrClassName) {
    StepTypeInfo info = byUses.get(usesOrClassName);
    if (info == null) {
      info = known.types().get(usesOrClassName);
    }
    String problem = known.problems().get(usesOrClassName);
    if (info == null && problem != null) {
      throw new EngineException(ErrorType.STEP_CLASS_INVALID, problem);
    }
    return Optional.ofNullable(info);
  }

  /**
   * The code behind one step of a pipeline.
   *
   * @param type one of this code base's types
   * @param params what the pipeline writes under {@code params}
   */
  public StepCode code(StepTypeInfo type, Params params) {
    SortedMap<String, String> parts = known.parts().get(type.className());
    if (parts == null) {
      throw new IllegalArgumentException("no step of this code base: " + type.className());
    }
    Canonical total = new Canonical().text("code1").text(type.className()).count(parts.size());
    parts.forEach((name, digest) -> total.text(name).text(digest));
    return new StepCode(
        type.className(),
        total.hex(),
        parts,
        ParamTexts.of(type.params(), params),
        type.deterministic());
  }
}
