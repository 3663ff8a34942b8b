package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class LeakageTest {

  private static final int ROWS = 4000;

  private final SplittableRandom random = new SplittableRandom(7);
  private final double[] noise = numbers(i -> random.nextDouble());
  private final double[] more = numbers(i -> random.nextDouble());

  @Test
  void flagsANumberThatSeparatesTwoClassesInEitherDirection() {
    double[] label = numbers(i -> noise[i] > 0.7 ? 1 : 0);
    Map<String, double[]> columns = new TreeMap<>();
    columns.put("down", numbers(i -> -noise[i]));
    columns.put("useful", numbers(i -> noise[i] + 0.3 * more[i]));
    columns.put("useless", more);
    assertThat(found(label, columns, 2)).containsExactly("down alone (AUC 1.0000)");
  }

  @Test
  void flagsANumberWhoseAbsenceOrWhoseMiddleIsTheClass() {
    double[] label = numbers(i -> i % 5 == 0 ? 1 : 0);
    double[] refund = numbers(i -> i % 5 == 0 ? noise[i] : Double.NaN);
    assertThat(found(label, Map.of("refund", refund), 2)).hasSize(1);
    double[] middle = numbers(i -> noise[i] > 0.4 && noise[i] < 0.6 ? 1 : 0);
    assertThat(found(middle, Map.of("noise", noise), 2))
        .containsExactly("noise alone (AUC 1.0000)");
  }

  @Test
  void flagsACategoryThatIsTheClassButNotAKey() {
    double[] label = numbers(i -> i % 3);
    assertThat(categories(label, i -> 7 + i % 3, 3)).containsExactly("c alone (AUC 1.0000)");
    assertThat(categories(label, i -> i, 3)).isEmpty();
    assertThat(categories(label, i -> i % 3 == 0 && i % 2 == 0 ? 1 : i % 3, 3)).isEmpty();
    assertThat(categories(numbers(i -> i % 20), i -> i % 20, 0))
        .containsExactly("c alone (R2 1.0000)");
  }

  @Test
  void flagsANumberThatRisesWithTheLabelHoweverCurved() {
    double[] label = numbers(i -> Math.exp(9 * noise[i]));
    assertThat(found(label, Map.of("log", noise), 0)).containsExactly("log alone (R2 1.0000)");
    double[] blurred = numbers(i -> noise[i] + 0.2 * more[i]);
    assertThat(found(label, Map.of("blurred", blurred), 0)).isEmpty();
  }

  @Test
  void flagsNumbersOfWhichTheLabelIsASumAndNoneThatAddNothing() {
    double[] label = numbers(i -> noise[i] + 2 * more[i] + 3);
    Map<String, double[]> columns = new TreeMap<>();
    columns.put("casual", noise);
    columns.put("registered", more);
    columns.put("both", numbers(i -> noise[i] * more[i]));
    columns.put("other", numbers(i -> random.nextDouble()));
    assertThat(found(label, columns, 0))
        .containsExactly(
            "casual and registered together (y = 1 casual + 2 registered + 3, R2 1.0000)");
    columns.put("casual", numbers(i -> noise[i] + 0.1 * random.nextDouble()));
    assertThat(found(label, columns, 0)).isEmpty();
  }

  @Test
  void judgesNothingOfSoFewRowsThatChanceLooksTheSame() {
    double[] few = Arrays.copyOf(noise, 99);
    LeakRows rows = new LeakRows(few, Map.of("same", few), Map.of());
    assertThat(Leakage.find(rows, "y", 0)).isEmpty();
  }

  @Test
  void allowsConstantColumnsAndColumnsWithoutValues() {
    Map<String, double[]> columns = new TreeMap<>();
    columns.put("constant", numbers(i -> 3));
    columns.put("absent", numbers(i -> Double.NaN));
    assertThat(found(noise, columns, 0)).isEmpty();
    assertThat(found(numbers(i -> i % 2), columns, 2)).isEmpty();
  }

  private static List<String> found(double[] label, Map<String, double[]> columns, int classes) {
    return Leakage.find(new LeakRows(label, columns, Map.of()), "y", classes).stream()
        .map(Leakage.Leak::shown)
        .toList();
  }

  private static List<String> categories(double[] label, IntUnaryOperator group, int classes) {
    int[] groups = new int[ROWS];
    Arrays.setAll(groups, group);
    return Leakage.find(new LeakRows(label, Map.of(), Map.of("c", groups)), "y", classes).stream()
        .map(Leakage.Leak::shown)
        .toList();
  }

  private static double[] numbers(IntToDoubleFunction value) {
    double[] values = new double[ROWS];
    Arrays.setAll(values, value);
    return values;
  }
}
