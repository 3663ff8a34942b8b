package io.mlpipeline.steps.sample;

import java.time.LocalDate;

/**
 * One customer as a function of seed and number. Churn follows from what is not written down (how
 * content somebody is), from the plan, from how long they stayed, and from chance; the events
 * follow from the same contentment and know nothing of the label.
 *
 * @param id the number, from 1
 * @param unhappy how discontent, mean 0 and variance 1; never written
 * @param plan 0 basic, 1 standard, 2 premium
 * @param activity how many events compared with the most active, above 0 to 1
 */
record SampleCustomer(long id, double unhappy, int plan, double activity) {

  private static final String[] PLANS = {"basic", "standard", "premium"};
  private static final String[] REGIONS = {"north", "south", "east", "west"};
  private static final double[] REGION_RISK = {0.0, 0.3, -0.2, 0.1};
  private static final String[] PAYMENTS = {"card", "invoice", "wallet"};
  private static final int[] FEE_CENTS = {999, 1999, 3999};
  private static final double[] PLAN_RISK = {0.7, 0.0, -0.9};
  private static final int LONGEST_STAY_DAYS = 1500;

  private static final int UNHAPPY = 1;
  private static final int PLAN = 2;
  private static final int ACTIVITY = 3;
  private static final int STAY = 4;
  private static final int REGION = 5;
  private static final int PAYMENT = 6;
  private static final int AGE = 7;
  private static final int AGE_KNOWN = 8;
  private static final int DISCOUNT = 9;
  private static final int CHURN = 10;

  static SampleCustomer of(KeyedRandom random, long id) {
    double unhappy = random.normal(UNHAPPY, id);
    double share = random.uniform(PLAN, id);
    int plan = share < 0.45 ? 0 : share < 0.8 ? 1 : 2;
    double activity = 0.15 + 0.85 * KeyedRandom.logistic(random.normal(ACTIVITY, id) - 0.5);
    return new SampleCustomer(id, unhappy, plan, activity);
  }

  /** How likely an event of theirs is on a day, compared with the most active. */
  double activity(int day, int days) {
    double decline = 0.85 * KeyedRandom.logistic(2 * unhappy - 0.5) * day / days;
    return activity * (1 - decline);
  }

  int feeCents() {
    return FEE_CENTS[plan];
  }

  /** The line in customers.csv; as in life, every sixteenth age is unknown. */
  String line(KeyedRandom random, LocalDate lastDay) {
    int stay = 20 + (int) random.below(LONGEST_STAY_DAYS, STAY, id);
    int region = (int) random.below(REGIONS.length, REGION, id);
    int age = Math.min(85, Math.max(18, (int) (42 + 14 * random.normal(AGE, id))));
    boolean ageKnown = random.below(16, AGE_KNOWN, id) > 0;
    int fee = feeCents() - 50 * (int) random.below(5, DISCOUNT, id);
    String payment = PAYMENTS[(int) random.below(PAYMENTS.length, PAYMENT, id)];
    return String.join(
        ",",
        String.valueOf(id),
        lastDay.minusDays(stay).toString(),
        PLANS[plan],
        REGIONS[region],
        ageKnown ? String.valueOf(age) : "",
        SampleEvents.money(fee),
        payment,
        churned(random, stay, region) ? "1" : "0");
  }

  private boolean churned(KeyedRandom random, int stay, int region) {
    double loyalty = 2.4 * stay / LONGEST_STAY_DAYS;
    double risk = -0.6 + 2.1 * unhappy + PLAN_RISK[plan] + REGION_RISK[region] - loyalty;
    return random.uniform(CHURN, id) < KeyedRandom.logistic(risk);
  }
}
