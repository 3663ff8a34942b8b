package io.mlpipeline.cli;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.Waiver;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  static String seconds(double seconds) {
    return seconds < 0.005 ? "" : String.format(Locale.ROOT, "%.1f", seconds);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double kilo = bytes / 1024.0;
    return kilo < 1024
        ? String.format(Locale.ROOT, "%.1f kB", kilo)
        : String.format(Locale.ROOT, "%.1f MB", kilo / 1024);
  }

  /** {@code v3} of a table, the beginning of a model's digest. */
  static String version(OutputVersion output) {
    return output.kind() == OutputKind.TABLE ? "v" + output.version() : digest(output.digest());
  }

  /** Who waived a failure, until when and why; empty if nobody did. */
  static String waiver(@Nullable Waiver waiver) {
    return waiver == null
        ? ""
        : "; waived by " + waiver.by() + " until " + waiver.until() + ": " + waiver.reason();
  }

  /** What a gate set apart, by rule, and where it is; empty if it set nothing apart. */
  static Optional<String> quarantine(GateReport gate) {
    QuarantineReport apart = gate.quarantine();
    if (apart == null || apart.rows() == 0) {
      return Optional.empty();
    }
    String rules =
        apart.byRule().entrySet().stream()
            .map(e -> e.getKey() + " " + count(e.getValue()))
            .collect(Collectors.joining(", "));
    OutputVersion table = apart.table();
    String where = table == null ? "not published" : table.uri() + " " + version(table);
    return Optional.of(
        count(apart.rows()) + " rows of " + gate.dataset() + " (" + rules + ") -> " + where);
  }

  /** Enough of a digest to tell it from others. */
  static String digest(String digest) {
    int colon = digest.lastIndexOf(':');
    String hex = digest.substring(colon + 1);
    return digest.startsWith("m1:") ? "m1:" + hex.substring(0, Math.min(12, hex.length())) : digest;
  }
}
