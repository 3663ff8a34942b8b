package io.mlpipeline.cli;

import io.mlpipeline.cli.DayMarks.Mark;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.PartitionTime.Unit;
import io.mlpipeline.model.RunReport;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Days of steps as a calendar, a row a month; hours of steps in a row a day. */
final class CalendarView {

  private static final String DAYS = "1   5    10   15   20   25   30";
  private static final String HOURS = "0     6     12    18";

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
    marks.steps().forEach((step, days) -> print(step, within(days, range), marks));
    List<String> legend = new ArrayList<>();
    for (Mark mark : Mark.values()) {
      legend.add(mark.sign + " " + mark.word);
    }
    shell.out().println("(" + String.join("   ", legend) + ")");
  }

  private void print(String step, SortedMap<PartitionTime, Mark> days, DayMarks marks) {
    shell.out().println(step + ": " + counts(days));
    String note = marks.note(step);
    if (note != null) {
      shell.out().println("  " + Messages.clean(note));
    }
    SortedMap<LocalDate, Mark> byDay = new TreeMap<>();
    SortedMap<LocalDate, SortedMap<Integer, Mark>> byHour = new TreeMap<>();
    days.forEach(
        (time, mark) -> {
          if (time.unit() == Unit.DAY) {
            byDay.put(time.day(), mark);
          } else {
            byHour
                .computeIfAbsent(time.day(), day -> new TreeMap<>())
                .put(time.start().getHour(), mark);
          }
        });
    if (!byDay.isEmpty()) {
      months(byDay);
    }
    if (!byHour.isEmpty()) {
      shell.out().println("  " + " ".repeat(12) + HOURS);
      byHour.forEach((day, hours) -> shell.out().println("  " + day + "  " + row(hours, 0, 23)));
    }
    shell.out().println();
  }

  private void months(SortedMap<LocalDate, Mark> days) {
    shell.out().println("  " + " ".repeat(9) + DAYS);
    SortedMap<YearMonth, SortedMap<Integer, Mark>> months = new TreeMap<>();
    days.forEach(
        (day, mark) ->
            months
                .computeIfAbsent(YearMonth.from(day), month -> new TreeMap<>())
                .put(day.getDayOfMonth(), mark));
    months.forEach(
        (month, its) ->
            shell.out().println("  " + month + "  " + row(its, 1, month.lengthOfMonth())));
  }

  private static String row(SortedMap<Integer, Mark> marks, int first, int last) {
    StringBuilder row = new StringBuilder();
    for (int i = first; i <= last; i++) {
      Mark mark = marks.get(i);
      row.append(mark == null ? ' ' : mark.sign);
    }
    return row.toString().stripTrailing();
  }

  private static SortedMap<PartitionTime, Mark> within(
      SortedMap<PartitionTime, Mark> times, PartitionChoice range) {
    SortedMap<PartitionTime, Mark> within = new TreeMap<>(times);
    within.keySet().removeIf(time -> !range.isWithin(time));
    return within;
  }

  private static String counts(SortedMap<PartitionTime, Mark> days) {
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
    SortedMap<PartitionTime, Mark> days =
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
