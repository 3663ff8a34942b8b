package io.mlpipeline.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.mlpipeline.config.Outline.Entry;
import io.mlpipeline.config.Outline.Item;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code --set KEY=VALUE}: overrides everything, and must name something that exists. */
final class Settings {

  static final String ORIGIN = "--set";
  static final SourceLocation PLACE = new SourceLocation(ORIGIN, 0);

  private static final Set<String> PIPELINE_KEYS =
      Set.of(
          "pipeline",
          "jars",
          "params",
          "inputs",
          "steps",
          "env",
          SurroundingsReader.MODEL_CLASSES,
          SurroundingsReader.MLFLOW);
  private static final String AS_OF = Keys.member("run", "as-of");

  private final Layout layout;
  private final Problems problems;
  private final Set<String> paths = new LinkedHashSet<>();
  private Config config = ConfigFactory.empty();

  private Settings(Layout layout, Problems problems) {
    this.layout = layout;
    this.problems = problems;
  }

  static Settings of(Map<String, String> written, Layout layout, Problems problems) {
    Settings settings = new Settings(layout, problems);
    written.forEach(settings::add);
    return settings;
  }

  Config config() {
    return config;
  }

  /** The joined paths that were set. */
  Set<String> paths() {
    return paths;
  }

  private void add(String key, String written) {
    List<String> elements = Keys.split(key.strip());
    if (elements == null || elements.size() > OutlineScanner.DEPTH) {
      problems.add(PLACE, "'" + Keys.clean(key) + "' is no key", "write --set KEY=VALUE");
      return;
    }
    String path = Keys.join(elements);
    String inParams = Keys.member("params", path);
    boolean isShort = !names(path) && layout.knows(inParams);
    String full = isShort ? inParams : path;
    if (!check(full, key, written)) {
      return;
    }
    paths.add(full);
    String hocon = ConfigUtil.joinPath(isShort ? prepend("params", elements) : elements);
    config = value(full, written).atPath(hocon).withFallback(config);
  }

  private static List<String> prepend(String first, List<String> rest) {
    List<String> all = new ArrayList<>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }

  private boolean check(String path, String key, String written) {
    String shown = "'" + Keys.clean(key) + "'";
    if (path.equals("warehouse") || path.equals("conf-root")) {
      String instead = path.equals("warehouse") ? "use --warehouse" : null;
      problems.add(PLACE, shown + " cannot be set", instead);
      return false;
    }
    if (path.equals(AS_OF)) {
      return checkDate(written);
    }
    if (Keys.first(path).equals(ModelPolicyReader.KEY)) {
      String why = "how models are promoted is what the file says: change it there";
      problems.add(PLACE, shown + " cannot be set", why);
      return false;
    }
    if (!names(path)) {
      String nearest = Suggestions.didYouMean(Keys.show(path), candidates());
      problems.add(PLACE, shown + " names nothing in the pipeline or its overlay", nearest);
      return false;
    }
    return true;
  }

  private boolean checkDate(String written) {
    try {
      LocalDate.parse(written);
      return true;
    } catch (DateTimeException e) {
      problems.add(
          PLACE, "run.as-of: '" + Keys.clean(written) + "' is no date", "write it as 2026-01-31");
      return false;
    }
  }

  /** Whether the path is a key, is referred to, or lies where readers check every key anyway. */
  private boolean names(String path) {
    if (layout.knows(path) || PIPELINE_KEYS.contains(path) || isReferredTo(path)) {
      return true;
    }
    String first = Keys.first(path);
    String[] parts = path.split("\u0001", 3);
    boolean checked = first.equals("steps") || first.equals("inputs");
    return checked && parts.length == 3 && layout.knows(Keys.member(parts[0], parts[1]));
  }

  private boolean isReferredTo(String path) {
    String below = Keys.member(path, "");
    for (Layout.Use use : layout.uses()) {
      String target = use.reference().path();
      if (target.equals(path) || target.startsWith(below)) {
        return true;
      }
    }
    return false;
  }

  private List<String> candidates() {
    List<String> all = layout.shownPaths();
    layout.uses().forEach(use -> all.add(Keys.show(use.reference().path())));
    layout.members("params").forEach(all::add);
    return all;
  }

  /** Numbers, booleans, quoted texts, lists and objects are HOCON; anything else is text. */
  private static ConfigValue value(String path, String written) {
    String text = written.strip();
    ConfigValue parsed =
        path.equals(AS_OF) || text.isEmpty() || "0123456789-\"[{tf".indexOf(text.charAt(0)) < 0
            ? null
            : parse(text);
    return parsed == null ? ConfigValueFactory.fromAnyRef(written, ORIGIN) : parsed;
  }

  private static @Nullable ConfigValue parse(String text) {
    String document = "v: " + text + "\n";
    Outline outline = OutlineScanner.scan(document);
    if (outline.irregularLine > 0 || !isPlain(outline)) {
      return null;
    }
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults()
              .setSyntax(ConfigSyntax.CONF)
              .setOriginDescription(ORIGIN)
              .setIncluder(new NoIncludes());
      ConfigValue value = ConfigFactory.parseString(document, options).root().get("v");
      boolean isText = value == null || value.valueType() == ConfigValueType.STRING;
      return isText && !text.startsWith("\"") ? null : value;
    } catch (ConfigException notHocon) {
      return null;
    }
  }

  /** One value that needs nothing else: no second key, substitution or include. */
  private static boolean isPlain(Outline outline) {
    for (Item item : outline.items) {
      if (!(item instanceof Entry entry) || !entry.references.isEmpty()) {
        return false;
      }
      if (!entry.path.equals("v") && !entry.path.startsWith(Keys.member("v", ""))) {
        return false;
      }
    }
    return !outline.items.isEmpty();
  }
}
