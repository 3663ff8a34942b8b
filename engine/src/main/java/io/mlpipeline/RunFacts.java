package io.mlpipeline;

import io.mlpipeline.model.Recipe;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.run.PlanResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What lineage says of a run besides its steps: who, where, with which versions. */
public final class RunFacts {

  /** The fact that says of which share of the rows a run is; absent for a real one. */
  public static final String SAMPLE = "sample";

  /** The fact that says what relative paths of a run are relative to. */
  public static final String DIRECTORY = "working-directory";

  private RunFacts() {}

  /** What costs nothing to know. */
  static SortedMap<String, String> light(PlanningOptions options) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("engine", version());
    facts.put("jdk", System.getProperty("java.version", ""));
    facts.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
    facts.put("user", user());
    facts.put("host", host());
    facts.put("pid", Long.toString(ProcessHandle.current().pid()));
    facts.put("cause", "manual");
    facts.put("pipeline-file", options.pipelineFile().toString().replace('\\', '/'));
    facts.put(DIRECTORY, options.workingDirectory().toAbsolutePath().normalize().toString());
    String classPath = System.getProperty("mlpipeline.class-path-digest");
    if (classPath != null) {
      facts.put("class-path-digest", classPath);
    }
    gitCommit(options.workingDirectory().resolve(options.pipelineFile()).toAbsolutePath())
        .ifPresent(commit -> facts.put("git-commit", commit));
    return facts;
  }

  /** And what is worth asking where something is computed. */
  static SortedMap<String, String> full(PlanningOptions options) {
    SortedMap<String, String> facts = light(options);
    if (facts.containsKey("git-commit")) {
      Path file = options.workingDirectory().resolve(options.pipelineFile()).toAbsolutePath();
      dirty(file).ifPresent(dirty -> facts.put("git-dirty", dirty));
    }
    return facts;
  }

  /** What is known once there is a plan: what was asked, of which code and configuration. */
  static SortedMap<String, String> ofPlan(
      Planning planning, RunRequest request, PlanResolver.Resolved resolved) {
    SortedMap<String, String> facts = new TreeMap<>(AskedSteps.facts(request));
    facts.put(CodeDrift.FACT, CodeDrift.text(planning.code()));
    Optional<Resumed> resumed = planning.resumed();
    facts.put(
        Recipe.FACT,
        resumed.map(Resumed::recipe).orElseGet(() -> Recipes.keep(planning, resolved)));
    resumed.ifPresent(earlier -> facts.put(Resumed.FACT, earlier.run()));
    resumed.ifPresent(earlier -> facts.put(Resumed.AS_OF, earlier.asOf()));
    Sampling sampling = planning.sampling();
    if (sampling != null) {
      facts.put(SAMPLE, sampling.percent());
    }
    return facts;
  }

  /** The version of this engine as its jar says it. */
  static String version() {
    String version = RunFacts.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static String user() {
    return System.getProperty("user.name", "");
  }

  static String host() {
    Map<String, String> environment = System.getenv();
    String named = environment.get("HOSTNAME");
    if (named != null && !named.isBlank()) {
      return named;
    }
    try {
      return Files.readString(Path.of("/etc/hostname")).strip();
    } catch (IOException | RuntimeException e) {
      return "unknown";
    }
  }

  private static Optional<String> gitCommit(Path file) {
    for (Path at = file.getParent(); at != null; at = at.getParent()) {
      Path git = at.resolve(".git");
      if (Files.isDirectory(git)) {
        return head(git);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> head(Path git) {
    try {
      String head = Files.readString(git.resolve("HEAD")).strip();
      if (!head.startsWith("ref: ")) {
        return Optional.of(head);
      }
      String ref = head.substring("ref: ".length());
      Path loose = git.resolve(ref);
      if (Files.isRegularFile(loose)) {
        return Optional.of(Files.readString(loose).strip());
      }
      return packed(git, ref);
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> packed(Path git, String ref) throws IOException {
    Path packed = git.resolve("packed-refs");
    if (!Files.isRegularFile(packed)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(packed)) {
      if (line.endsWith(" " + ref)) {
        return Optional.of(line.substring(0, line.indexOf(' ')));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> dirty(Path file) {
    Path directory = file.getParent();
    if (directory == null) {
      return Optional.empty();
    }
    try {
      Process git =
          new ProcessBuilder("git", "status", "--porcelain", "--untracked-files=no")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      git.getOutputStream().close();
      byte[] first = git.getInputStream().readNBytes(1);
      boolean ended = git.waitFor(2, TimeUnit.SECONDS);
      git.destroyForcibly();
      return ended && git.exitValue() == 0
          ? Optional.of(Boolean.toString(first.length > 0).toLowerCase(Locale.ROOT))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
