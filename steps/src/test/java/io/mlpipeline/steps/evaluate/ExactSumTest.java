package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ExactSumTest {

  @Test
  void roundsTheTrueSumOnceWhateverTheOrder() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      double[] values =
          random
              .doubles(1 + random.nextInt(100))
              .map(x -> (x - 0.5) * Math.pow(10, random.nextInt(40) - 20))
              .toArray();
      BigDecimal exact =
          DoubleStream.of(values)
              .mapToObj(BigDecimal::new)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(sum(values)).isEqualTo(exact.doubleValue());
      int[] order = Rows.shuffled(random, values.length);
      double[] shuffled = new double[values.length];
      for (int i = 0; i < order.length; i++) {
        shuffled[i] = values[order[i]];
      }
      assertThat(sum(shuffled)).isEqualTo(sum(values));
    }
  }

  @Test
  void keepsWhatPlainSumsLose() {
    assertThat(sum(1, 1e100, 1, -1e100)).isEqualTo(2);
    assertThat(sum(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)).isEqualTo(1);
    assertThat(sum()).isZero();
  }

  /** Half a unit in the last place, and a trace that decides whether it counts. */
  @Test
  void roundsHalvesByWhatLiesBelowThem() {
    double half = Math.ulp(1.0) / 2;
    assertThat(sum(1, half)).isEqualTo(1);
    assertThat(sum(1, half, Double.MIN_VALUE)).isEqualTo(Math.nextUp(1.0));
    assertThat(sum(Math.nextUp(1.0), half, -Double.MIN_VALUE)).isEqualTo(Math.nextUp(1.0));
  }

  private static double sum(double... values) {
    ExactSum sum = new ExactSum();
    DoubleStream.of(values).forEach(sum::add);
    return sum.value();
  }
}
