package io.mlpipeline.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges and resolves what was parsed; reports every substitution that leads nowhere. */
final class Document {

  private static final ConfigResolveOptions OPTIONS =
      ConfigResolveOptions.noSystem().setAllowUnresolved(true);

  private final HoconFiles files;
  private final Layout layout = new Layout();
  private final Problems problems;
  private final SourceLocation top;
  private Config config = ConfigFactory.empty();

  /**
   * @param top where to report what concerns all of it
   */
  Document(HoconFiles files, SourceLocation top, Problems problems) {
    this.files = files;
    this.top = top;
    this.problems = problems;
  }

  Layout layout() {
    return layout;
  }

  /** Puts a file over those added before; the first one orders the keys. */
  Document add(HoconFiles.Parsed parsed) {
    layout.add(parsed.source());
    config = parsed.content().toConfig().withFallback(config);
    return this;
  }

  /** Resolves a file that stands alone. */
  @Nullable Node resolve() {
    return resolve(config, Set.of(), new EnvBlock(layout, Map.of(), problems));
  }

  /** Resolves under the settings, the built-in values and the environment. */
  @Nullable Node resolve(Settings settings, Map<String, String> builtIn, EnvBlock env) {
    Config merged =
        settings
            .config()
            .withFallback(ConfigFactory.parseMap(builtIn, "built in"))
            .withFallback(env.values())
            .withFallback(config);
    return resolve(env.withoutMissing(merged), settings.paths(), env);
  }

  private @Nullable Node resolve(Config merged, Set<String> settings, EnvBlock env) {
    if (!Expansion.isBounded(layout)) {
      problems.add(top, "its substitutions expand to more than 4 MiB", "remove some");
      return null;
    }
    try {
      ConfigObject resolved = merged.resolve(OPTIONS).root();
      reportMissing(resolved, env);
      NodeBuilder builder = new NodeBuilder(files, layout, settings);
      Node root = builder.root(resolved, top);
      if (builder.isOverflown()) {
        problems.add(top, "it expands to more than " + NodeBuilder.LARGEST + " values");
        return null;
      }
      return root;
    } catch (ConfigException e) {
      SourceLocation at = e.origin() == null ? null : files.locate(e.origin());
      problems.add(Objects.requireNonNullElse(at, top), plain(String.valueOf(e.getMessage())));
      return null;
    }
  }

  private static String plain(String message) {
    String marker = "to a value: ";
    int start = message.indexOf(marker);
    String own = start < 0 ? message : message.substring(start + marker.length());
    return Keys.clean(
        own.replace("was part of a cycle of substitutions involving", "refers to itself through"));
  }

  private void reportMissing(ConfigObject root, EnvBlock env) {
    if (root.toConfig().isResolved()) {
      return;
    }
    List<String> known = layout.shownPaths();
    for (Layout.Use use : layout.uses()) {
      String path = use.reference().path();
      boolean absent = !use.reference().optional() && isAbsent(root, path);
      boolean absentHere = use.under().isEmpty() || isAbsent(root, Keys.member(use.under(), path));
      if (absent && absentHere && !env.isMissing(path)) {
        String shown = Keys.show(path);
        problems.add(use.at(), "${" + shown + "} is not defined", advice(path, known));
      }
    }
  }

  private static @Nullable String advice(String path, List<String> known) {
    String shown = Keys.show(path);
    if (Keys.first(path).equals(EnvBlock.KEY)) {
      return "declare it: env { " + Keys.show(Keys.last(path)) + ": \"a default, or null\" }";
    }
    if (shown.equals(shown.toUpperCase(Locale.ROOT)) && shown.indexOf('.') < 0) {
      return "environment variables: env { " + shown + ": \"a default\" } and ${env." + shown + "}";
    }
    return Suggestions.didYouMean(shown, known);
  }

  private static boolean isAbsent(ConfigObject root, String path) {
    ConfigValue value = root;
    try {
      for (String element : path.split("\u0001", -1)) {
        if (!(value instanceof ConfigObject object)) {
          return isScalar(value);
        }
        value = object.get(element);
        if (value == null) {
          return true;
        }
      }
      return false;
    } catch (ConfigException.NotResolved unresolved) {
      return false;
    }
  }

  /** Throws for what is not resolved. */
  private static boolean isScalar(ConfigValue value) {
    return value.valueType() != null;
  }
}
