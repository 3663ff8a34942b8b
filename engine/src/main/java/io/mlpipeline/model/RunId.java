package io.mlpipeline.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names one run: {@code r20240601-020000-1f3a9c}; sorts by time of start.
 *
 * @param value the text
 */
public record RunId(String value) {

  private static final Pattern FORM = Pattern.compile("r[0-9]{8}-[0-9]{6}-[0-9a-f]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  public RunId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a run id: " + value);
    }
  }

  /** The id of a run that starts now; {@code salt} keeps two runs of one second apart. */
  public static RunId of(Instant start, int salt) {
    return new RunId(String.format(Locale.ROOT, "r%s-%06x", TIME.format(start), salt & 0xffffff));
  }

  /** When the run started, to the second. */
  public Instant start() {
    return TIME.parse(value.substring(1, 16), Instant::from);
  }

  /** The id of one attempt at a step, safe in a file name. */
  public String attempt(String step, int number) {
    return value + "-" + step + "-" + number;
  }

  @Override
  public String toString() {
    return value;
  }
}
