package io.mlpipeline.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.mlpipeline.config.Outline.Entry;
import io.mlpipeline.config.Outline.Item;
import io.mlpipeline.model.SourceLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses HOCON files without merging or resolving them. Includes stay inside the conf root. What
 * Typesafe Config calls the origin of a value is the number of its file here.
 */
final class HoconFiles {

  private static final int FILES = 100;
  private static final int REPEATS = 16;
  private static final String ORIGIN = "@";

  private final TextFiles files;
  private final Path realRoot;
  private final Problems problems;
  private final List<Source> sources = new ArrayList<>();

  HoconFiles(TextFiles files, Path confRoot, Problems problems) {
    this.files = files;
    this.realRoot = real(confRoot);
    this.problems = problems;
  }

  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      return directory;
    }
  }

  /** A file as parsed: unmerged, unresolved. */
  record Parsed(Source source, ConfigObject content) {}

  /** The file's content; null if there is a problem, which is then reported. */
  @Nullable Parsed parse(Path file, SourceLocation askedAt) {
    return parse(file, askedAt, List.of());
  }

  /** The same for a file that is included from others, the outermost first. */
  @Nullable Parsed parse(Path file, SourceLocation askedAt, List<Path> includedFrom) {
    if (sources.size() >= FILES) {
      problems.add(askedAt, "more than " + FILES + " files are included");
      return null;
    }
    String text = files.read(file, askedAt);
    if (text == null) {
      return null;
    }
    Outline outline = OutlineScanner.scan(text);
    Source source = new Source(sources.size(), file, files.show(file), text, outline);
    sources.add(source);
    if (outline.refusal != null) {
      Outline.Refusal refusal = outline.refusal;
      problems.add(source.at(refusal.line()), refusal.message(), refusal.suggestion());
      return null;
    }
    refuseDuplicates(source);
    return parse(source, includedFrom);
  }

  private @Nullable Parsed parse(Source source, List<Path> includedFrom) {
    List<Path> chain = new ArrayList<>(includedFrom);
    chain.add(source.path());
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(ORIGIN + source.index())
            .setIncluder(new ConfinedIncluder(this, source, chain, problems));
    try {
      ConfigObject content = ConfigFactory.parseString(source.text(), options).root();
      return refuseIrregular(source) ? null : new Parsed(source, content);
    } catch (ConfigException e) {
      problems.addAll(List.of(SyntaxErrors.problem(e, source)));
      return null;
    }
  }

  /** What the scanner could not follow has not been checked for limits and duplicates. */
  private boolean refuseIrregular(Source source) {
    int line = source.outline().irregularLine;
    if (line > 0) {
      problems.add(source.at(line), "this is written in an unusual way", "write key: value");
    }
    return line > 0;
  }

  /** Whether the file, links followed, lies inside the conf root. */
  boolean isInside(Path file) {
    return real(file).startsWith(realRoot);
  }

  /** Where a value was written; null if in none of the files. */
  @Nullable SourceLocation locate(ConfigOrigin origin) {
    String text = origin.description();
    int start = text.indexOf(ORIGIN);
    if (start < 0) {
      return null;
    }
    int colon = text.indexOf(": ", start);
    int index = number(text, start + 1);
    if (index < 0 || index >= sources.size()) {
      return null;
    }
    return sources.get(index).at(colon < 0 ? 0 : Math.max(0, number(text, colon + 2)));
  }

  private static int number(String text, int from) {
    int end = from;
    while (end < text.length() && Character.isDigit(text.charAt(end)) && end - from < 9) {
      end++;
    }
    return end == from ? -1 : Integer.parseInt(text, from, end, 10);
  }

  private void refuseDuplicates(Source source) {
    Map<String, Entry> first = new HashMap<>();
    Map<String, Integer> repeats = new HashMap<>();
    Set<String> refused = new HashSet<>();
    for (Item item : source.outline().items) {
      if (item instanceof Entry entry && !entry.element) {
        Entry earlier = first.putIfAbsent(entry.path, entry);
        boolean below = refused.contains(Keys.parent(entry.path));
        if (below) {
          refused.add(entry.path);
        } else if (earlier != null && !mayRepeat(entry, repeats)) {
          refused.add(entry.path);
          refuse(source, entry, earlier);
        }
      }
    }
  }

  private static boolean mayRepeat(Entry entry, Map<String, Integer> repeats) {
    return entry.mayRepeat() && repeats.merge(entry.path, 1, Integer::sum) <= REPEATS;
  }

  private void refuse(Source source, Entry entry, Entry earlier) {
    problems.add(
        source.at(entry.line),
        "'"
            + Keys.show(entry.path)
            + "' is written twice, in lines "
            + earlier.line
            + " and "
            + entry.line,
        "keep one: HOCON would merge or replace silently");
  }
}
