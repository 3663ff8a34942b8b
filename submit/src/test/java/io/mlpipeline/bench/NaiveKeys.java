package io.mlpipeline.bench;

import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.StepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a key over whole files would reuse: the pipeline's file, a step's SQL file, contract and
 * input files, the jar of a step of one's own, and the keys of the steps above. Results of all
 * earlier keys are kept; a step that is forced takes all below it along. Contents of files count,
 * not their times.
 */
final class NaiveKeys {

  private final Map<String, Set<String>> seen = new LinkedHashMap<>();

  /**
   * Looks at the files as they are.
   *
   * @param steps the names of the steps, each after what it reads
   * @param forced a step that runs in any case; empty for none
   * @return the steps that would run
   */
  Set<String> ran(EditsProject project, PipelineSpec spec, List<String> steps, String forced)
      throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    Set<String> ran = new TreeSet<>();
    for (String name : steps) {
      StepSpec step = spec.step(name).orElseThrow();
      MessageDigest hash = sha256();
      hash.update(Files.readAllBytes(project.pipeline()));
      hash.update(name.getBytes(StandardCharsets.UTF_8));
      for (Path file : project.sources(name)) {
        hash.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        hash.update(sha256().digest(Files.readAllBytes(file)));
      }
      boolean mustRun = name.equals(forced);
      for (String above : above(step, spec)) {
        hash.update(keys.getOrDefault(above, "").getBytes(StandardCharsets.UTF_8));
        mustRun |= ran.contains(above);
      }
      String key = HexFormat.of().formatHex(hash.digest());
      keys.put(name, key);
      boolean isNew = seen.computeIfAbsent(name, n -> new HashSet<>()).add(key);
      if (isNew || mustRun) {
        ran.add(name);
      }
    }
    return ran;
  }

  /** The steps whose outputs a step reads, each once. */
  static Set<String> above(StepSpec step, PipelineSpec spec) {
    Set<String> above = new TreeSet<>();
    for (StepSpec other : spec.steps()) {
      for (OutputSpec output : other.outputs()) {
        if (step.inputs().containsValue(output.name())) {
          above.add(other.name());
        }
      }
    }
    return above;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
