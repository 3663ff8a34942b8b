package io.mlpipeline.model;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the names of files say their partitions: {@code {day}/*.csv}, or {@code {day:yyyyMMdd}.csv},
 * where the value is a date that is written in that way.
 *
 * @param template the end of a location, from the directory above the first wildcard on
 */
public record PathLayout(String template) {

  private static final Pattern PLACE =
      Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)(?::([yMd./_-]+))?\\}");
  private static final String WILD = "*?[{\\";

  /** What is a partition's value in a path that says none. */
  private static final Pattern DIRECTORY = Pattern.compile("([^/=]+)=([^/]*)/");

  /** Whether a location names partitions. */
  public static boolean isNamedBy(String location) {
    return PLACE.matcher(location).find();
  }

  /** The layout of a location that names partitions. */
  public static PathLayout of(String location) {
    int first = location.length();
    for (int i = 0; i < location.length() && first == location.length(); i++) {
      first = WILD.indexOf(location.charAt(i)) >= 0 ? i : first;
    }
    return new PathLayout(location.substring(location.lastIndexOf('/', first) + 1));
  }

  /** The location as a glob that all of its files match. */
  public static String glob(String location) {
    return PLACE
        .matcher(location)
        .replaceAll(
            place -> {
              String form = place.group(2);
              return form == null ? "*" : Matcher.quoteReplacement(form.replaceAll("[yMd]", "?"));
            });
  }

  /** The columns, in the order of the template. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    Matcher place = PLACE.matcher(template);
    while (place.find()) {
      columns.add(place.group(1));
    }
    return columns;
  }

  /** Value by column; empty if the file's name does not say them. */
  public Optional<SortedMap<String, String>> values(String file) {
    List<DateTimeFormatter> forms = new ArrayList<>();
    Matcher found = pattern(forms).matcher(file);
    if (!found.matches()) {
      return Optional.empty();
    }
    SortedMap<String, String> values = new TreeMap<>();
    List<String> columns = columns();
    for (int i = 0; i < columns.size(); i++) {
      Optional<String> value = value(found.group(i + 1), forms.get(i));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.put(columns.get(i), value.get());
    }
    return Optional.of(values);
  }

  /** What directories such as {@code day=2024-06-01} say; empty if there are none. */
  public static Optional<SortedMap<String, String>> ofDirectories(String file) {
    SortedMap<String, String> values = new TreeMap<>();
    Matcher directory = DIRECTORY.matcher(file);
    while (directory.find()) {
      String value = directory.group(2);
      values.put(
          directory.group(1), value.equals("__HIVE_DEFAULT_PARTITION__") ? "" : decoded(value));
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(values);
  }

  private static String decoded(String value) {
    return value.indexOf('%') < 0
        ? value
        : java.net.URLDecoder.decode(
            value.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Optional<String> value(String written, DateTimeFormatter form) {
    if (form == DateTimeFormatter.ISO_DATE) {
      return Optional.of(written);
    }
    try {
      return Optional.of(LocalDate.parse(written, form).toString());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** ISO_DATE in the list stands for any text. */
  private Pattern pattern(List<DateTimeFormatter> forms) {
    StringBuilder regex = new StringBuilder();
    Matcher place = PLACE.matcher(template);
    int at = 0;
    while (place.find()) {
      regex.append(globbed(template.substring(at, place.start())));
      String form = place.group(2);
      if (form == null) {
        regex.append("([^/]+)");
        forms.add(DateTimeFormatter.ISO_DATE);
      } else {
        regex
            .append('(')
            .append(Pattern.quote(form).replaceAll("[yMd]", "\\\\E\\\\d\\\\Q"))
            .append(')');
        String strict = form.replace('y', 'u');
        forms.add(
            DateTimeFormatter.ofPattern(strict, Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT));
      }
      at = place.end();
    }
    regex.append(globbed(template.substring(at)));
    return Pattern.compile(regex + "(?:/.*)?");
  }

  private static String globbed(String glob) {
    StringBuilder regex = new StringBuilder();
    boolean isChoice = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*' && glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*' || c == '?') {
        regex.append(c == '*' ? "[^/]*" : "[^/]");
      } else if (c == '{') {
        regex.append("(?:");
        isChoice = true;
      } else if (c == '}' && isChoice) {
        regex.append(')');
        isChoice = false;
      } else if (c == ',' && isChoice) {
        regex.append('|');
      } else if (c == '[' || c == ']') {
        regex.append(c);
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  /** The first file whose name says no partition. */
  public static Optional<PinnedFile> findUnplaced(InputSpec input, PinnedSource source) {
    return source.files().stream().filter(file -> values(input, file).isEmpty()).findFirst();
  }

  private static Optional<SortedMap<String, String>> values(InputSpec input, PinnedFile file) {
    PathLayout layout = input.layout();
    return layout == null ? ofDirectories(file.name()) : layout.values(file.name());
  }

  /** Files by partition; empty if one of them is in none, or none is there. */
  public static SortedMap<String, List<PinnedFile>> partitions(
      InputSpec input, PinnedSource source) {
    SortedMap<String, List<PinnedFile>> found = new TreeMap<>();
    for (PinnedFile file : source.files()) {
      Optional<SortedMap<String, String>> values = values(input, file);
      if (values.isEmpty()) {
        return Collections.emptySortedMap();
      }
      found.computeIfAbsent(PartitionNames.of(values.get()), n -> new ArrayList<>()).add(file);
    }
    return found;
  }
}
