package io.mlpipeline.spark.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DistancesTest {

  private static final double EXACT = 1e-12;

  @Test
  void thePopulationStabilityIndexIsThatOfTheBooks() {
    // (0.25 - 0.5) ln(0.25 / 0.5) + (0.75 - 0.5) ln(0.75 / 0.5)
    double byHand = 0.25 * Math.log(2) + 0.25 * Math.log(1.5);
    assertThat(Distances.psi(counts(50, 50), counts(25, 75))).isCloseTo(byHand, within(EXACT));
    assertThat(Distances.psi(counts(25, 75), counts(50, 50))).isCloseTo(byHand, within(EXACT));
    assertThat(Distances.psi(counts(5, 5), counts(5000, 5000))).isZero();
  }

  @Test
  void anEmptyBinCountsHalfARowAndOneThatIsEmptyTwiceNothing() {
    // (0.5 - 1) ln(0.5 / 1) + (0.5 - 0.005) ln(0.5 / 0.005)
    double byHand = 0.5 * Math.log(2) + 0.495 * Math.log(100);
    assertThat(Distances.psi(counts(100, 0), counts(50, 50))).isCloseTo(byHand, within(EXACT));
    assertThat(Distances.psi(counts(10, 0, 10), counts(9_000, 0, 9_000))).isZero();
  }

  @Test
  void jensenShannonGoesFromNoneToOne() {
    assertThat(Distances.jensenShannon(counts(3, 7), counts(30, 70))).isCloseTo(0, within(EXACT));
    assertThat(Distances.jensenShannon(counts(5, 0), counts(0, 9))).isCloseTo(1, within(EXACT));
    // p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4)
    double log2 = Math.log(2);
    double divergence =
        (Math.log(4.0 / 3) + 0.5 * Math.log(2.0 / 3) + 0.5 * Math.log(2)) / (2 * log2);
    assertThat(Distances.jensenShannon(counts(8, 0), counts(5, 5)))
        .isCloseTo(Math.sqrt(divergence), within(EXACT))
        .isCloseTo(Distances.jensenShannon(counts(5, 5), counts(8, 0)), within(EXACT));
  }

  @Test
  void theLargestDifferenceIsOfShares() {
    assertThat(Distances.largest(counts(50, 30, 20), counts(5, 1, 4)))
        .isCloseTo(0.2, within(EXACT));
    assertThat(Distances.widest(counts(50, 30, 20), counts(5, 2, 3))).isEqualTo(1);
    assertThat(Distances.largest(counts(10, 0), counts(0, 10))).isEqualTo(1);
  }

  @Test
  void withoutRowsThereIsNoDistance() {
    assertThat(Distances.psi(counts(0, 0), counts(1, 2))).isNaN();
    assertThat(Distances.jensenShannon(counts(1, 2), counts(0, 0))).isNaN();
    assertThat(Distances.largest(counts(0, 0), counts(0, 0))).isNaN();
  }

  private static long[] counts(long... counts) {
    return counts;
  }
}
