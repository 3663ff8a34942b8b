package io.mlpipeline.spark.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftTest {

  private static final String COLUMN = "fare";
  private static final int MANY = 200_000;

  @Test
  void distancesOfANormalAndAShiftedOneAreThoseOfTheTheory() {
    Profile normal = numbers(gaussian(1, MANY, x -> x));
    Profile same = numbers(gaussian(2, MANY, x -> x));
    Profile shifted = numbers(gaussian(3, MANY, x -> x + 0.5));
    // In full 0.5^2 = 0.25; ten bins see a little less of it. Phi(0.25) - Phi(-0.25) = 0.1974.
    assertThat(distance(normal, shifted, DriftMethod.PSI)).isCloseTo(0.24, within(0.01));
    assertThat(distance(normal, shifted, DriftMethod.KS)).isCloseTo(0.1974, within(0.004));
    assertThat(distance(normal, same, DriftMethod.PSI)).isLessThan(0.001);
    assertThat(distance(normal, same, DriftMethod.KS)).isLessThan(0.006);
    assertThat(distance(normal, shifted, DriftMethod.JS)).isBetween(0.18, 0.23);
    assertThat(distance(normal, same, DriftMethod.JS)).isLessThan(0.01);
  }

  @Test
  void ranksAreRightWithinTheSketchsErrorWhateverTheOrder() {
    for (DoubleUnaryOperator order : List.<DoubleUnaryOperator>of(x -> x, x -> MANY - 1 - x)) {
      QuantileSketch sketch = new QuantileSketch();
      for (int i = 0; i < MANY; i++) {
        sketch.add(order.applyAsDouble(i));
      }
      Ranks ranks = sketch.ranks();
      assertThat(ranks.total()).isEqualTo(MANY);
      for (int i = 0; i < MANY; i += 997) {
        double share = ranks.before(new Ranks.Cut(i, true)) / (double) MANY;
        assertThat(share).isCloseTo((i + 1.0) / MANY, within(0.003));
      }
    }
  }

  @Test
  void profilesOfPartsAddUpToTheProfileOfTheWhole() {
    double[] all = gaussian(7, MANY, x -> Math.exp(x));
    List<Profile> parts = new ArrayList<>();
    List<Profile> texts = new ArrayList<>();
    int step = 1;
    for (int from = 0; from < MANY; from += step, step = step * 3 + 1) {
      double[] part = Arrays.copyOfRange(all, from, Math.min(MANY, from + step));
      parts.add(numbers(part));
      texts.add(texts(part));
    }
    Profile merged = Profile.merge(parts);
    assertThat(distance(numbers(all), merged, DriftMethod.KS)).isLessThan(0.006);
    assertThat(distance(numbers(all), merged, DriftMethod.PSI)).isLessThan(0.0005);
    assertThat(merged.numbers(COLUMN).rows()).isEqualTo(MANY);
    assertThat(merged.numbers(COLUMN).min()).isEqualTo(Arrays.stream(all).min().orElseThrow());
    assertThat(merged.numbers(COLUMN).max()).isEqualTo(Arrays.stream(all).max().orElseThrow());
    assertThat(Profile.merge(texts).categories(COLUMN).counts())
        .isEqualTo(texts(all).categories(COLUMN).counts());
  }

  @Test
  void mergingLeavesThePartsAsTheyAreAndGivesTheSameTwice() {
    Profile a = numbers(gaussian(1, 5_000, x -> x));
    Profile b = numbers(gaussian(2, 70_000, x -> x));
    byte[] before = a.toBytes();
    byte[] once = Profile.merge(List.of(a, b)).toBytes();
    assertThat(a.toBytes()).isEqualTo(before);
    assertThat(Profile.merge(List.of(a, b)).toBytes()).isEqualTo(once);
  }

  @Test
  void bytesBringTheProfileBackAndDamagedOnesNothing() {
    Profile both = numbers(gaussian(1, 30_000, x -> x)).with(texts(1, 1, 2));
    byte[] bytes = both.toBytes();
    Profile read = Profile.find(bytes).orElseThrow();
    assertThat(read.toBytes()).isEqualTo(bytes);
    assertThat(distance(both, read, DriftMethod.KS)).isZero();
    assertThat(bytes.length).isLessThan(60_000);
    assertThat(Profile.find(Arrays.copyOf(bytes, bytes.length - 1))).isEmpty();
    assertThat(Profile.find(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
    assertThat(Profile.find(new byte[] {2, 0})).isEmpty();
    assertThat(Profile.find(new byte[0])).isEmpty();
  }

  @Test
  void aChangedShareOfNullsOrNotNumbersIsDrift() {
    double[] ramp = ramp(1000);
    Profile full = numbers(ramp);
    Profile half = numbers(ramp);
    half.numbers(COLUMN).merge(nulls(1000));
    Profile nothing = numbers();
    nothing.numbers(COLUMN).merge(nulls(1000));
    double[] odd = ramp.clone();
    Arrays.fill(odd, 0, 500, Double.NaN);
    assertThat(distance(full, half, DriftMethod.KS)).isCloseTo(0.5, within(1e-9));
    assertThat(Drift.between(full, half, COLUMN, DriftMethod.PSI).where())
        .isEqualTo("null were 0 % of the rows and are 50 %");
    assertThat(distance(full, numbers(odd), DriftMethod.PSI)).isGreaterThan(1);
    assertThat(distance(full, numbers(odd), DriftMethod.KS)).isGreaterThanOrEqualTo(0.5);
    assertThat(distance(nothing, nothing, DriftMethod.PSI)).isZero();
    assertThat(distance(nothing, nothing, DriftMethod.KS)).isZero();
    assertThat(distance(nothing, full, DriftMethod.PSI)).isGreaterThan(1);
    assertThat(distance(nothing, full, DriftMethod.KS)).isEqualTo(1);
    assertThat(distance(numbers(), full, DriftMethod.PSI)).isNaN();
    assertThat(distance(full, numbers(), DriftMethod.KS)).isNaN();
  }

  @Test
  void aConstantThatBeginsToVaryIsDriftOnEitherSide() {
    double[] zeros = new double[1000];
    double[] below = zeros.clone();
    Arrays.fill(below, 0, 500, -3);
    double[] above = zeros.clone();
    Arrays.fill(above, 0, 500, 3);
    zeros[0] = -0.0;
    for (double[] now : List.of(below, above)) {
      assertThat(distance(numbers(zeros), numbers(now), DriftMethod.PSI)).isGreaterThan(1);
      assertThat(distance(numbers(zeros), numbers(now), DriftMethod.KS)).isEqualTo(0.5);
    }
    assertThat(distance(numbers(zeros), numbers(zeros), DriftMethod.PSI)).isZero();
    assertThat(Drift.between(numbers(zeros), numbers(above), COLUMN, DriftMethod.PSI).where())
        .isEqualTo("values above 0 were 0 % of the rows and are 50 %");
  }

  @Test
  void infiniteNumbersAreNumbers() {
    double[] odd = {Double.NEGATIVE_INFINITY, 1, 2, Double.POSITIVE_INFINITY};
    assertThat(distance(numbers(odd), numbers(odd), DriftMethod.PSI)).isZero();
    assertThat(distance(numbers(odd), numbers(1, 2), DriftMethod.KS)).isEqualTo(0.25);
  }

  @Test
  void categoriesAreComparedByTheirSharesAndByName() {
    Profile before = texts(1, 1, 1, 2);
    Profile now = texts(1, 2, 2, 3);
    now.categories(COLUMN).addNulls(1);
    assertThat(distance(before, before, DriftMethod.LINF)).isZero();
    assertThat(distance(before, now, DriftMethod.LINF)).isCloseTo(0.55, within(1e-9));
    assertThat(Drift.between(before, now, COLUMN, DriftMethod.LINF).where())
        .isEqualTo("\"1\" were 75 % of the rows and are 20 %");
    assertThat(distance(before, now, DriftMethod.PSI)).isGreaterThan(0.5).isFinite();
    assertThat(distance(before, texts(7, 8), DriftMethod.JS)).isCloseTo(1, within(1e-9));
    assertThat(Drift.strangers(now, before, COLUMN))
        .isEqualTo(new Drift.Strangers(List.of("\"3\"", "null"), 2));
    assertThat(Drift.strangers(before, now, COLUMN).names()).isEmpty();
  }

  @Test
  void ofVeryManyCategoriesTheFrequentOnesAreKept() {
    CategoryProfile many = new CategoryProfile();
    for (int i = 0; i < 50_000; i++) {
      many.add("v" + i, 1);
      many.add("often", 1);
    }
    Profile one = Profile.merge(List.of(profile(many)));
    CategoryProfile kept = one.categories(COLUMN);
    assertThat(kept.isWhole()).isFalse();
    assertThat(kept.rows()).isEqualTo(100_000);
    assertThat(kept.counts()).hasSize(CategoryProfile.MOST).containsEntry("often", 50_000L);
    Profile other = texts(1, 1);
    assertThat(distance(one, other, DriftMethod.LINF)).isBetween(0.5, 0.52);
    assertThat(distance(one, one, DriftMethod.LINF)).isZero();
  }

  @Test
  void longTextsAreToldApartByMoreThanTheirBeginning() {
    CategoryProfile texts = new CategoryProfile();
    texts.add("x".repeat(100_000) + "a", 1);
    texts.add("x".repeat(100_000) + "b", 2);
    assertThat(texts.counts()).hasSize(2);
    assertThat(profile(texts).toBytes().length).isLessThan(1000);
  }

  @Test
  void theStabilityIndexNamesWhatAddsMostToIt() {
    Profile before = texts(times(1, 1_000, 2, 900));
    Profile now = texts(times(1, 900, 2, 900, 4, 80));
    assertThat(Drift.between(before, now, COLUMN, DriftMethod.PSI).where())
        .startsWith("\"4\" were 0 % of the rows and are 4.2");
    assertThat(Drift.between(before, now, COLUMN, DriftMethod.LINF).where()).startsWith("\"1\"");
  }

  /** Values, each so many times. */
  private static double[] times(int... valuesAndTimes) {
    return IntStream.range(0, valuesAndTimes.length / 2)
        .flatMap(
            i -> IntStream.generate(() -> valuesAndTimes[2 * i]).limit(valuesAndTimes[2 * i + 1]))
        .asDoubleStream()
        .toArray();
  }

  @Test
  void aColumnThatWasNotProfiledIsAMistakeOfTheCaller() {
    Profile texts = texts(1, 2);
    assertThatThrownBy(() -> Drift.between(texts, texts, "other", DriftMethod.PSI))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("categories other");
  }

  private static double distance(Profile a, Profile b, DriftMethod method) {
    return Drift.between(a, b, COLUMN, method).distance();
  }

  private static double[] gaussian(long seed, int count, DoubleUnaryOperator shape) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      // Box and Muller, for SplittableRandom has no normal numbers of its own in every JDK.
      double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
      values[i] = shape.applyAsDouble(radius * Math.cos(2 * Math.PI * random.nextDouble()));
    }
    return values;
  }

  private static double[] ramp(int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> i);
    return values;
  }

  private static NumberProfile nulls(int count) {
    NumberProfile profile = new NumberProfile();
    for (int i = 0; i < count; i++) {
      profile.addNull();
    }
    return profile;
  }

  private static Profile numbers(double... values) {
    NumberProfile profile = new NumberProfile();
    for (double value : values) {
      profile.add(value);
    }
    return new Profile(Map.of(new Asked(COLUMN, Asked.Form.NUMBERS).key(), profile), Map.of());
  }

  private static Profile texts(double... values) {
    CategoryProfile profile = new CategoryProfile();
    for (double value : values) {
      profile.add(Long.toString((long) value), 1);
    }
    return profile(profile);
  }

  private static Profile profile(CategoryProfile profile) {
    return new Profile(Map.of(), Map.of(new Asked(COLUMN, Asked.Form.CATEGORIES).key(), profile));
  }
}
