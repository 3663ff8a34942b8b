package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class RowMatchTest {

  private static final RowMatch BY_ID =
      new RowMatch(List.of("id", "name", "x"), List.of("id"), 1e-9);
  private static final RowMatch WITHOUT_KEY =
      new RowMatch(List.of("id", "name", "x"), List.of(), 1e-9);

  private static Row row(Object... values) {
    return RowFactory.create(values);
  }

  @Test
  void theOrderDoesNotCountAndEveryRowOnlyOnce() {
    List<Row> rows = List.of(row(1, "a", 1.0), row(2, null, null), row(2, null, null));
    List<Row> turned = List.of(row(2, null, null), row(2, null, null), row(1, "a", 1.0));
    assertThat(BY_ID.differences(rows, turned)).isEmpty();
    assertThat(BY_ID.differences(rows, turned.subList(1, 3)))
        .containsExactly("missing       id=2, name=null, x=null");
  }

  @Test
  void aRowOfTheSameKeyIsComparedColumnByColumn() {
    assertThat(BY_ID.differences(List.of(row(1, "a", 1.0)), List.of(row(1, "b", 2.0))))
        .containsExactly(
            "differs       id=1: name expected \"a\", was \"b\"; x expected 1.0, was 2.0");
  }

  @Test
  void rowsOfOtherKeysAreMissingOrNotExpected() {
    assertThat(BY_ID.differences(List.of(row(1, "a", 1.0)), List.of(row(2, "a", 1.0))))
        .containsExactly(
            "missing       id=1, name=\"a\", x=1.0", "not expected  id=2, name=\"a\", x=1.0");
  }

  @Test
  void withoutAKeyTheLikestRowIsCompared() {
    assertThat(
            WITHOUT_KEY.differences(
                List.of(row(1, "a", 1.0)), List.of(row(9, "z", 9.0), row(1, "a", 2.0))))
        .containsExactly(
            "differs       id=1, name=\"a\": x expected 1.0, was 2.0",
            "not expected  id=9, name=\"z\", x=9.0");
  }

  @Test
  void fractionsMayBeOffByTheTolerance() {
    RowMatch loose = new RowMatch(List.of("x"), List.of(), 0.01);
    assertThat(loose.differences(List.of(row(100.0)), List.of(row(100.9)))).isEmpty();
    assertThat(loose.differences(List.of(row(100.0)), List.of(row(101.1)))).hasSize(2);
    assertThat(loose.differences(List.of(row(Double.NaN)), List.of(row(Double.NaN)))).isEmpty();
    assertThat(loose.differences(List.of(row(Double.NaN)), List.of(row(0.0)))).hasSize(2);
    assertThat(
            loose.differences(
                List.of(row(new BigDecimal("1.50"))), List.of(row(new BigDecimal("1.5")))))
        .isEmpty();
  }

  @Test
  void whereAlmostNothingFitsOnlySomeDifferencesAreTold() {
    List<Row> wanted = IntStream.range(0, 40).mapToObj(i -> row(i, "a", 0.0)).toList();
    assertThat(BY_ID.differences(wanted, List.of())).hasSize(11).contains("and 30 more");
  }
}
