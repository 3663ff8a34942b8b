package io.mlpipeline.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import io.mlpipeline.config.Outline.Include;
import io.mlpipeline.config.Outline.Item;
import io.mlpipeline.model.SourceLocation;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Includes files inside the conf root and nothing else. An interface left out here would be served
 * by Typesafe Config itself, which fetches URLs. One instance serves one file: it is asked once for
 * each include statement, in their order, and so knows their lines.
 */
final class ConfinedIncluder
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

  private static final int CHAIN = 16;

  private final HoconFiles files;
  private final Source source;
  private final List<Path> chain;
  private final Problems problems;
  private final Iterator<Include> includes;

  ConfinedIncluder(HoconFiles files, Source source, List<Path> chain, Problems problems) {
    this.files = files;
    this.source = source;
    this.chain = chain;
    this.problems = problems;
    this.includes = includes(source.outline());
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return includeText(what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return includeText(what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return refuse(next(), "include url(...) is not allowed");
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return refuse(next(), "include classpath(...) is not allowed");
  }

  private static Iterator<Include> includes(Outline outline) {
    List<Include> includes = new ArrayList<>(0);
    for (Item item : outline.items) {
      if (item instanceof Include include) {
        includes.add(include);
      }
    }
    return includes.iterator();
  }

  private @Nullable Include next() {
    return includes.hasNext() ? includes.next() : null;
  }

  private ConfigObject includeText(String what) {
    Include include = next();
    Path file = find(what);
    if (file == null) {
      return refuse(include, "'" + Keys.clean(what) + "' is no path of a file");
    }
    if (!Files.exists(file)) {
      return refuse(include, "the included file '" + Keys.clean(what) + "' does not exist");
    }
    if (!files.isInside(file)) {
      return refuse(
          include, "the included file '" + Keys.clean(what) + "' is outside the conf root");
    }
    if (chain.contains(file) || chain.size() > CHAIN) {
      return refuse(include, "the included file '" + Keys.clean(what) + "' includes itself");
    }
    HoconFiles.Parsed parsed = files.parse(file, at(include), chain);
    if (parsed == null) {
      return nothing();
    }
    if (include != null) {
      include.target = parsed.source();
    }
    return parsed.content();
  }

  private @Nullable Path find(String what) {
    try {
      Path directory = source.path().getParent();
      Path file = directory == null ? Path.of(what) : directory.resolve(what);
      Path withEnding = file.resolveSibling(file.getFileName() + ".conf");
      return (Files.exists(file) || !Files.exists(withEnding) ? file : withEnding).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private SourceLocation at(@Nullable Include include) {
    return source.at(include == null ? 0 : include.line);
  }

  private ConfigObject refuse(@Nullable Include include, String message) {
    problems.add(at(include), message, "name a file below the conf root, relative to this one");
    return nothing();
  }

  private static ConfigObject nothing() {
    return ConfigFactory.empty().root();
  }
}
