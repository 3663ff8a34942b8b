package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyOrderTest {

  @Test
  void sortsAsUnsignedNumbersAndLeavesEqualOnesAsTheyLie() {
    Random random = new Random(4);
    for (int bound : new int[] {1, 2, 7, 1000}) {
      long[] keys =
          IntStream.range(0, 500).mapToLong(i -> random.nextInt(bound) - bound / 2L).toArray();
      int[] expected =
          IntStream.range(0, keys.length)
              .boxed()
              .sorted(Comparator.comparing(i -> keys[i], Long::compareUnsigned))
              .mapToInt(i -> i)
              .toArray();
      assertThat(KeyOrder.ascending(keys)).isEqualTo(expected);
    }
  }

  @Test
  void sortsScoresAsTheirBits() {
    double[] scores = {0.5, 1, 0, 0.25, 1e-300, 0.9999999};
    long[] keys =
        IntStream.range(0, 6).mapToLong(i -> Double.doubleToLongBits(scores[i])).toArray();
    assertThat(KeyOrder.ascending(keys)).containsExactly(2, 4, 3, 0, 5, 1);
    assertThat(KeyOrder.ascending(new long[0])).isEmpty();
  }
}
