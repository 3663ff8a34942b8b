package io.mlpipeline.steps.sample;

import java.time.LocalDate;

/**
 * Events as functions of seed and number. The most are logins; the discontent log in for shorter,
 * open more tickets and fail to pay more often.
 */
final class SampleEvents {

  private static final int SECONDS_PER_DAY = 86_400;
  private static final int TRIES = 64;

  private static final int WHO = 20;
  private static final int WHETHER = 21;
  private static final int KIND = 22;
  private static final int HOW_MUCH = 23;
  private static final int JITTER = 24;
  private static final int BROKEN = 25;

  private final KeyedRandom random;
  private final long customers;
  private final int days;

  SampleEvents(KeyedRandom random, long customers, int days) {
    this.random = random;
    this.customers = customers;
    this.days = days;
  }

  /**
   * One line of a day's file.
   *
   * @param id the event's number, from 1
   * @param index its place in its day, from 0; the file is in time order
   * @param ofDay how many events the day has
   */
  String line(long id, long index, long ofDay, int day, LocalDate date) {
    SampleCustomer customer = customer(id, day);
    double unhappy = KeyedRandom.logistic(2 * customer.unhappy());
    double kind = random.uniform(KIND, id);
    double amount = random.uniform(HOW_MUCH, id);
    double ticket = 0.01 + 0.20 * unhappy;
    double failure = ticket + 0.005 + 0.11 * unhappy;
    double purchase = failure + 0.30 - 0.22 * unhappy;
    long second = (long) ((index + random.uniform(JITTER, id)) / ofDay * SECONDS_PER_DAY);
    StringBuilder line = new StringBuilder(64).append(id).append(',').append(customer.id());
    line.append(',').append(date).append(' ');
    clock(line, (int) Math.min(SECONDS_PER_DAY - 1, second));
    if (kind < ticket) {
      return line.append(",support_ticket,,").toString();
    }
    if (kind < failure) {
      return line.append(",payment_failed,")
          .append(money(customer.feeCents()))
          .append(',')
          .toString();
    }
    if (kind < purchase) {
      return line.append(",purchase,")
          .append(money(199 + (int) (5000 * amount * amount)))
          .append(',')
          .toString();
    }
    int seconds = 10 + (int) (1800 * amount * amount * (1 - 0.7 * unhappy));
    // Every fiftieth session was never closed, so nobody knows how long it was.
    return line.append(",login,,").append(id % 50 == 0 ? "" : String.valueOf(seconds)).toString();
  }

  /** The same line as it arrives now and then: cut off, or with words where numbers belong. */
  String broken(String line, long id) {
    return switch ((int) random.below(3, BROKEN, id)) {
      case 0 -> line.substring(0, line.indexOf(',', line.indexOf(',') + 1));
      case 1 -> line.replaceFirst(",[^,]*,[^,]*$", ",n/a,?");
      default -> line.replaceFirst(",[0-9]{4}-[^,]*,", ",n/a,");
    };
  }

  /** Amounts are written from whole cents, so no rounding can differ. */
  static String money(int cents) {
    return cents / 100 + "." + cents / 10 % 10 + cents % 10;
  }

  /** The active are met more often: draw anybody, keep them with the probability of activity. */
  private SampleCustomer customer(long id, int day) {
    SampleCustomer drawn = SampleCustomer.of(random, 1);
    for (int i = 0; i < TRIES; i++) {
      long thing = id * TRIES + i;
      drawn = SampleCustomer.of(random, 1 + random.below(customers, WHO, thing));
      if (random.uniform(WHETHER, thing) < drawn.activity(day, days)) {
        return drawn;
      }
    }
    return drawn;
  }

  private static void clock(StringBuilder out, int second) {
    two(out, second / 3600);
    two(out.append(':'), second / 60 % 60);
    two(out.append(':'), second % 60);
  }

  private static void two(StringBuilder out, int number) {
    out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
