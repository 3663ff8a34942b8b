package io.mlpipeline.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.mlpipeline.model.SourceLocation;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code env} block: the only way to an environment variable. {@code NAME: default}, or {@code
 * NAME: null} where the variable must be set.
 */
final class EnvBlock {

  static final String KEY = "env";

  private final Layout layout;
  private final Map<String, String> variables;
  private final Problems problems;
  private final Set<String> missing = new HashSet<>();

  EnvBlock(Layout layout, Map<String, String> variables, Problems problems) {
    this.layout = layout;
    this.variables = variables;
    this.problems = problems;
  }

  /** The declared variables that are set. */
  Config values() {
    Config values = ConfigFactory.empty();
    for (String name : layout.members(KEY)) {
      String value = isVariable(name) ? variables.get(name) : null;
      if (value != null) {
        ConfigValue text = ConfigValueFactory.fromAnyRef(value, "environment variable");
        values = text.atPath(ConfigUtil.joinPath(KEY, name)).withFallback(values);
      }
    }
    return values;
  }

  /** Takes out what is null, so that nobody pastes the word null. */
  Config withoutMissing(Config merged) {
    Config result = merged;
    for (String name : layout.members(KEY)) {
      String path = Keys.member(KEY, name);
      SourceLocation at = Objects.requireNonNullElse(layout.place(path), SourceLocation.UNKNOWN);
      if (!isVariable(name)) {
        problems.add(at, "'" + Keys.show(path) + "' does not name an environment variable");
      } else if (isNull(merged.root(), name)) {
        problems.add(
            at,
            "the environment variable " + name + " is not set",
            "set it, or give a default: env { " + name + ": \"default\" }");
        missing.add(path);
        result = result.withoutPath(ConfigUtil.joinPath(KEY, name));
      }
    }
    return result;
  }

  /** Whether the joined path was reported as missing. */
  boolean isMissing(String path) {
    return missing.contains(path);
  }

  private static boolean isNull(ConfigObject root, String name) {
    try {
      @Nullable ConfigValue env = root.get(KEY);
      ConfigValue value = env instanceof ConfigObject block ? block.get(name) : null;
      return value != null && value.valueType() == ConfigValueType.NULL;
    } catch (ConfigException.NotResolved unresolved) {
      return false;
    }
  }

  private static boolean isVariable(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!Chars.isWordPart(c) || (i == 0 && Chars.isDigit(c))) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
