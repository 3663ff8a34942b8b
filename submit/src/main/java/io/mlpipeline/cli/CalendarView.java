package io.mlpipeline.cli;

import io.mlpipeline.cli.DayMarks.Mark;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.RunReport;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Days of steps as a calendar: a row a month, a sign a day. */
final class CalendarView {

  private static final String DAYS = "1   5    10   15   20   25   30";

  private final Shell shell;

  CalendarView(Shell shell) {
    this.shell = shell;
  }

  void print(DayMarks marks, PartitionChoice range, @Nullable RunReport report) {
    if (report != null) {
      shell
          .out()
          .printf(
              Locale.ROOT,
              "backfill %s run %s: %s in %.1f s%n%n",
              report.pipeline(),
              report.runId().value(),
              report.status().word(),
              report.seconds());
    }
    marks.steps().forEach((step, days) -> print(step, within(days, range), marks, range));
    List<String> legend = new ArrayList<>();
    for (Mark mark : Mark.values()) {
      legend.add(mark.sign + " " + mark.word);
    }
    shell.out().println("(" + String.join("   ", legend) + ")");
  }

  private void print(
      String step, SortedMap<LocalDate, Mark> days, DayMarks marks, PartitionChoice range) {
    shell.out().println(step + ": " + counts(days));
    String note = marks.note(step);
    if (note != null) {
      shell.out().println("  " + Messages.clean(note));
    }
    shell.out().println("  " + " ".repeat(9) + DAYS);
    YearMonth last = YearMonth.from(last(range, days));
    for (YearMonth month = YearMonth.from(first(range, days));
        !month.isAfter(last);
        month = month.plusMonths(1)) {
      StringBuilder row = new StringBuilder();
      for (int day = 1; day <= month.lengthOfMonth(); day++) {
        Mark mark = days.get(month.atDay(day));
        row.append(mark == null ? ' ' : mark.sign);
      }
      if (!row.toString().isBlank()) {
        shell.out().println("  " + month + "  " + row.toString().stripTrailing());
      }
    }
    shell.out().println();
  }

  private static LocalDate first(PartitionChoice range, SortedMap<LocalDate, Mark> days) {
    LocalDate from = Objects.requireNonNull(range.from());
    return days.isEmpty() ? from : days.firstKey();
  }

  private static LocalDate last(PartitionChoice range, SortedMap<LocalDate, Mark> days) {
    LocalDate to = Objects.requireNonNull(range.from());
    return days.isEmpty() ? to : days.lastKey();
  }

  private static SortedMap<LocalDate, Mark> within(
      SortedMap<LocalDate, Mark> days, PartitionChoice range) {
    LocalDate from = Objects.requireNonNull(range.from());
    LocalDate to = Objects.requireNonNull(range.to());
    return to.equals(LocalDate.MAX) ? days.tailMap(from) : days.subMap(from, to.plusDays(1));
  }

  private static String counts(SortedMap<LocalDate, Mark> days) {
    Map<Mark, Integer> counts = new EnumMap<>(Mark.class);
    days.values().forEach(mark -> counts.merge(mark, 1, Integer::sum));
    List<String> words = new ArrayList<>();
    counts.forEach((mark, count) -> words.add(count + " " + mark.word));
    return words.isEmpty() ? "nothing in this range" : String.join(", ", words);
  }

  void json(DayMarks marks, PartitionChoice range, @Nullable RunReport report) {
    byte[] document =
        JsonOut.pretty(
            out -> {
              out.number("format", 1)
                  .text("from", String.valueOf(range.from()))
                  .text("to", String.valueOf(range.to()));
              if (report != null) {
                out.text("run_id", report.runId().value()).text("status", report.status().word());
              }
              out.array(
                  "steps",
                  List.copyOf(marks.steps().keySet()),
                  (o, step) -> step(o, step, marks, range));
            });
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }

  private static void step(JsonOut out, String step, DayMarks marks, PartitionChoice range) {
    SortedMap<LocalDate, Mark> days =
        within(marks.steps().getOrDefault(step, new TreeMap<>()), range);
    out.text("name", step).text("note", marks.note(step));
    for (Mark mark : Mark.values()) {
      out.texts(
          mark.word,
          days.entrySet().stream()
              .filter(day -> day.getValue() == mark)
              .map(day -> day.getKey().toString())
              .toList());
    }
    out.object(
        "failures",
        marks.failures(step),
        (o, all) -> all.forEach((name, failure) -> o.text(name, failure.message())));
  }
}
