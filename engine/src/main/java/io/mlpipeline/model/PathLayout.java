package io.mlpipeline.model;

import io.mlpipeline.model.PartitionTime.Unit;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the names of files say their partitions: {@code {day}/*.csv}, or {@code {day:yyyyMMdd}.csv},
 * where the value is a date that is written in that way, or with {@code HH} an hour; what stands
 * between apostrophes is text ({@code {hour:'dt='yyyy-MM-dd'/hr='HH}}).
 *
 * @param template the end of a location, from the directory above the first wildcard on
 */
public record PathLayout(String template) {

  private static final Pattern PLACE =
      Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)(?::((?:[yMdHT./_-]|'[^'{}*?\\\\\\[]+')+))?\\}");
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
              return form == null
                  ? "*"
                  : Matcher.quoteReplacement(written(form, letter -> "?", text -> text));
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

  /** How long the partitions of a column are; empty where only its values can tell. */
  public Optional<Unit> unit(String column) {
    Matcher place = PLACE.matcher(template);
    while (place.find()) {
      String form = place.group(2);
      if (place.group(1).equals(column) && form != null) {
        boolean isHours = written(form, letter -> letter, text -> "").contains("H");
        return Optional.of(isHours ? Unit.HOUR : Unit.DAY);
      }
    }
    return Optional.empty();
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
      TemporalAccessor found = form.parse(written);
      LocalDate day = LocalDate.from(found);
      return Optional.of(
          found.isSupported(ChronoField.HOUR_OF_DAY)
              ? new PartitionTime(Unit.HOUR, day.atTime(found.get(ChronoField.HOUR_OF_DAY), 0))
                  .toString()
              : day.toString());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** A form with its letters and its texts replaced. */
  private static String written(
      String form, UnaryOperator<String> letter, UnaryOperator<String> text) {
    StringBuilder all = new StringBuilder();
    parts(form, c -> all.append(letter.apply(c)), c -> all.append(text.apply(c)));
    return all.toString();
  }

  private static DateTimeFormatter formatter(String form) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    StringBuilder letters = new StringBuilder();
    parts(
        form,
        letter -> letters.append(letter.replace('y', 'u')),
        text -> {
          builder.appendPattern(letters.toString()).appendLiteral(text);
          letters.setLength(0);
        });
    return builder
        .appendPattern(letters.toString())
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /** Tells every letter of a form that stands for a digit, and every character that is itself. */
  private static void parts(String form, Consumer<String> letter, Consumer<String> text) {
    boolean isText = false;
    for (int i = 0; i < form.length(); i++) {
      String c = form.substring(i, i + 1);
      if (c.equals("'")) {
        isText = !isText;
      } else if (!isText && "yMdH".contains(c)) {
        letter.accept(c);
      } else {
        text.accept(c);
      }
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
        regex.append('(').append(written(form, letter -> "\\d", Pattern::quote)).append(')');
        forms.add(formatter(form));
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
