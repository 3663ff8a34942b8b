package io.mlpipeline.steps.sample;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes made-up customers and their events: a seeded, synthetic sample in which who churns can be
 * foretold, but not perfectly (AUC-ROC about 0.8).
 *
 * <p>{@code customers.csv}: customer_id, signup_date, plan, region, age, monthly_fee,
 * payment_method, churned. {@code events/events-YYYY-MM-DD.csv}, a file a day: event_id,
 * customer_id, event_time, event_type, amount, duration_seconds. Ages and durations are missing
 * here and there; some lines come twice, in the same file or the next day's; a few are broken.
 *
 * <p>Equal specs give equal bytes on every platform. Memory does not grow with the number of events
 * but for the lines that come again the next day. Files that are there are overwritten; files of
 * other days are not removed.
 */
public final class ChurnSample {

  /** The day after the last: nothing is asked of the clock. */
  private static final LocalDate END = LocalDate.of(2024, 5, 1);

  private static final int TWICE_TODAY = 30;
  private static final int TWICE_TOMORROW = 31;
  private static final int BREAKS = 32;

  private final Spec spec;
  private final KeyedRandom random;
  private long duplicates;
  private long broken;

  private ChurnSample(Spec spec) {
    this.spec = spec;
    this.random = new KeyedRandom(spec.seed());
  }

  /**
   * How much of it.
   *
   * @param rows different events; duplicates and broken lines, some 1.1 %, come on top
   * @param customers different customers
   * @param days days, the last of which is 30 April 2024
   * @param seed another seed is another sample
   */
  public record Spec(long rows, long customers, int days, long seed) {

    public Spec {
      if (rows < 1 || customers < 1 || days < 1 || days > 3650) {
        throw new IllegalArgumentException(
            "a sample needs at least one event, one customer, and 1 to 3650 days, not "
                + "%d, %d and %d".formatted(rows, customers, days));
      }
    }

    /** So many events over 30 days, of three customers for every forty. */
    public static Spec ofRows(long rows) {
      return new Spec(rows, Math.max(1, rows * 3 / 40), 30, 7);
    }
  }

  /**
   * What was written.
   *
   * @param customers different customers
   * @param events different events
   * @param duplicates good lines that came twice, customers and events
   * @param broken lines that cannot be read, customers and events
   * @param files files
   */
  public record Summary(long customers, long events, long duplicates, long broken, int files) {}

  /**
   * Writes the sample under a directory, which is made if it is not there.
   *
   * @throws IOException if the disk does not take it
   */
  public static Summary write(Path directory, Spec spec) throws IOException {
    ChurnSample sample = new ChurnSample(spec);
    Files.createDirectories(directory.resolve("events"));
    sample.customers(directory.resolve("customers.csv"));
    List<String> again = List.of();
    for (int day = 0; day < spec.days(); day++) {
      LocalDate date = END.minusDays(spec.days() - (long) day);
      again = sample.events(directory.resolve("events/events-" + date + ".csv"), day, date, again);
    }
    return new Summary(
        spec.customers(), spec.rows(), sample.duplicates, sample.broken, 1 + spec.days());
  }

  private void customers(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      out.write("customer_id,signup_date,plan,region,age,monthly_fee,payment_method,churned\n");
      for (long id = 1; id <= spec.customers(); id++) {
        String line = SampleCustomer.of(random, id).line(random, END.minusDays(1));
        write(out, line);
        if (id % 211 == 0) {
          duplicates++;
          write(out, line);
        }
        if (id % 619 == 0) {
          broken++;
          write(out, line.replaceFirst("^[0-9]+,", "unknown,"));
        }
      }
    }
  }

  /** Returns the lines that come again tomorrow. */
  private List<String> events(Path file, int day, LocalDate date, List<String> again)
      throws IOException {
    SampleEvents events = new SampleEvents(random, spec.customers(), spec.days());
    List<String> tomorrow = new ArrayList<>();
    long first = spec.rows() * day / spec.days();
    long ofDay = spec.rows() * (day + 1) / spec.days() - first;
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      out.write("event_id,customer_id,event_time,event_type,amount,duration_seconds\n");
      for (String line : again) {
        write(out, line);
      }
      duplicates += again.size();
      for (long i = 0; i < ofDay; i++) {
        long id = first + i + 1;
        String line = events.line(id, i, ofDay, day, date);
        write(out, line);
        if (random.below(200, TWICE_TODAY, id) == 0) {
          duplicates++;
          write(out, line);
        }
        if (random.below(200, TWICE_TOMORROW, id) == 0 && day + 1 < spec.days()) {
          tomorrow.add(line);
        }
        if (random.below(1500, BREAKS, id) == 0) {
          broken++;
          write(out, events.broken(line, id));
        }
      }
    }
    return tomorrow;
  }

  private static void write(BufferedWriter out, String line) throws IOException {
    out.write(line);
    out.write('\n');
  }
}
