package io.mlpipeline.config;

import io.mlpipeline.config.HoconFiles.Parsed;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipeline file, its overlay, schemas and SQL files into a {@link PipelineSpec}.
 *
 * <p>Everything that is wrong is reported at once. The result depends on the request and on the
 * files alone; reading twice gives the same.
 */
public final class PipelineLoader {

  private static final List<String> KEYS =
      List.of(
          "pipeline",
          "params",
          "inputs",
          "steps",
          "jars",
          ModelPolicyReader.KEY,
          SurroundingsReader.MODEL_CLASSES,
          SurroundingsReader.MLFLOW,
          EnvBlock.KEY);
  private static final Set<String> BUILT_IN = Set.of("warehouse", "conf-root", "run");
  private static final String DEFAULT_ENVIRONMENT = "local";

  private final LoadRequest request;
  private final Problems problems = new Problems();
  private final TextFiles texts;
  private final Path file;
  private final Path confRoot;
  private final HoconFiles files;
  private final SourceLocation top;

  /** Models that only the overlay names, which is every pipeline's. */
  private final Set<String> overlaidModels = new HashSet<>();

  private PipelineLoader(LoadRequest request) {
    this.request = request;
    this.texts = new TextFiles(request.workingDirectory(), problems);
    this.file = texts.absolute(request.pipelineFile());
    this.confRoot = ConfRoot.of(file);
    this.files = new HoconFiles(texts, confRoot, problems);
    this.top = new SourceLocation(texts.show(file), 0);
  }

  /** Reads it all. Never throws for what a user wrote: everything is in the problems. */
  public static LoadedPipeline load(LoadRequest request) {
    PipelineLoader loader = new PipelineLoader(request);
    PipelineSpec spec = loader.spec();
    return new LoadedPipeline(
        spec, loader.problems.sorted(), loader.texts.files(), loader.texts.texts());
  }

  private @Nullable PipelineSpec spec() {
    Node root = BoundedThread.call(this::resolve, sentence -> problems.add(top, sentence));
    if (root == null) {
      return null;
    }
    SchemaLoader schemas = new SchemaLoader(confRoot, texts, problems);
    Locations locations = new Locations(texts.workingDirectory(), problems);
    SqlFiles sql = new SqlFiles(file, confRoot, texts, files, problems);
    return new PipelineReader(problems, schemas, locations, sql, overlaidModels)
        .read(root, request.environment(), request.stepTypes());
  }

  private @Nullable Node resolve() {
    Parsed pipeline = files.parse(file, top);
    Path overlayFile = overlayFile();
    Parsed overlay =
        overlayFile == null ? null : files.parse(overlayFile, new SourceLocation("--env", 0));
    if (pipeline == null || (overlayFile != null && overlay == null)) {
      return null;
    }
    Document document = new Document(files, top, problems).add(pipeline);
    Layout overlaid = new Layout();
    if (overlay != null) {
      document.add(overlay);
      overlaid.add(overlay.source());
      Layout own = new Layout();
      own.add(pipeline.source());
      overlaidModels.addAll(overlaid.members(ModelPolicyReader.KEY));
      overlaidModels.removeAll(own.members(ModelPolicyReader.KEY));
    }
    Layout layout = document.layout();
    Settings settings = Settings.of(request.settings(), layout, problems);
    refuseUnknown(layout, overlaid);
    EnvBlock env = new EnvBlock(layout, request.environmentVariables(), problems);
    return document.resolve(settings, builtIn(settings), env);
  }

  private Map<String, String> builtIn(Settings settings) {
    Map<String, String> values = new HashMap<>();
    values.put("warehouse", request.warehouse());
    values.put("conf-root", confRoot.toString());
    if (!settings.paths().contains(Keys.join(List.of("run", "as-of")))) {
      values.put("run.as-of", request.asOf().toString());
    }
    return values;
  }

  /** The overlay that must be read; null if there is none. */
  private @Nullable Path overlayFile() {
    String environment = request.environment();
    Path folder = confRoot.resolve("env");
    List<String> names = ConfRoot.names(folder);
    if (names.contains(environment)) {
      Path overlay = folder.resolve(environment + ".conf");
      if (files.isInside(overlay)) {
        return overlay;
      }
    }
    if (!environment.equals(DEFAULT_ENVIRONMENT) || Files.exists(folder.resolve("local.conf"))) {
      String near = Suggestions.didYouMean(environment, names);
      problems.add(
          new SourceLocation("--env", 0),
          "there is no environment '" + Keys.clean(environment) + "' in " + texts.show(folder),
          near == null && !names.isEmpty() ? "one of " + String.join(", ", names) : near);
    }
    return null;
  }

  /** A top-level key that nothing refers to is a slip, unless the overlay brings it. */
  private void refuseUnknown(Layout layout, Layout overlaid) {
    List<String> known = new ArrayList<>(KEYS);
    for (String key : layout.members("")) {
      SourceLocation at = layout.place(key);
      boolean free = layout.refersTo(key) || overlaid.knows(key);
      if (BUILT_IN.contains(key)) {
        String advice = key.equals("warehouse") ? "use --warehouse" : "choose another name";
        problems.add(at == null ? top : at, "'" + key + "' is given, not defined here", advice);
      } else if (!known.contains(key) && !free) {
        problems.add(
            at == null ? top : at,
            "unknown key '" + Keys.clean(key) + "'",
            Suggestions.didYouMean(key, known));
      }
    }
  }
}
