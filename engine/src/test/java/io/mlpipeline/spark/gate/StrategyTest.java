package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.deequ.anomalydetection.AbsoluteChangeStrategy;
import com.amazon.deequ.anomalydetection.AnomalyDetectionStrategy;
import com.amazon.deequ.anomalydetection.AnomalyDetector;
import com.amazon.deequ.anomalydetection.BatchNormalStrategy;
import com.amazon.deequ.anomalydetection.DataPoint;
import com.amazon.deequ.anomalydetection.RelativeRateOfChangeStrategy;
import com.amazon.deequ.anomalydetection.SimpleThresholdStrategy;
import io.mlpipeline.spark.gate.AnomalySettings.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;
import scala.collection.JavaConverters;

class StrategyTest {

  private static final String NOT_YET = "not yet";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // strategy and tags | kind | history, oldest first | value | verdict
        "robust | NUMBER | 13 | 56 | not yet",
        "robust with min_runs=1 | NUMBER | 13 | 56 | odd",
        "robust with min_runs=1 | NUMBER | 13 | 12 | normal",
        "robust | NUMBER | 13 12.8 | 56 | odd",
        "robust | NUMBER | 12.4 13.2 | 56 | odd",
        "robust | NUMBER | 12.4 13.2 13.0 12.8 13.3 | 56 | odd",
        "robust | NUMBER | 12.4 13.2 13.0 12.8 13.3 | 14.5 | normal",
        "robust | NUMBER | 12.4 13.2 13.0 12.8 13.3 | 3 | odd",
        "robust | NUMBER | 13 13 56 13 13 13 | 13.2 | normal",
        "robust | NUMBER | 13 13 56 13 13 13 13 13 13 13 | 56 | odd",
        "robust | NUMBER | -5 -5.2 -4.9 -5.1 -5 | -9 | odd",
        "robust | NUMBER | 0 0 0 | 0 | normal",
        "robust | COUNT | 10000 10000 10000 10000 10000 | 10001 | normal",
        "robust | COUNT | 10000 10000 10000 10000 10000 | 5000 | odd",
        "robust | COUNT | 7 8 7 7 6 7 7 8 7 7 | 9 | normal",
        "robust | COUNT | 7 8 7 7 6 7 7 8 7 7 | 40 | odd",
        "robust | SHARE | 1 1 1 1 1 1 1 1 1 1 | 0.995 | normal",
        "robust | SHARE | 1 1 1 1 1 1 1 1 1 1 | 0.97 | odd",
        "robust | SHARE | 0 0 0 0 0 0 | 0.37 | odd",
        "robust with floor=0.05 | SHARE | 1 1 1 1 1 1 1 1 1 1 | 0.97 | normal",
        "robust with sigma=40 | NUMBER | 12.4 13.2 13.0 12.8 13.3 | 25 | normal",
        "robust with runs=3 | NUMBER | 1 1 1 1 1 1 9 9 9 | 9.1 | normal",
        "batch-normal | NUMBER | 10 11 | 99 | not yet",
        "batch-normal | NUMBER | 10 11 10 | 13 | odd",
        "batch-normal with sigma=9 | NUMBER | 10 11 10 | 13 | normal",
        "batch-normal | NUMBER | 100 100 100 100 | 100.001 | normal",
        "batch-normal with floor=0 | NUMBER | 100 100 100 100 | 100.001 | odd",
        "online-normal | NUMBER | 10 11 10 11 | 99 | not yet",
        "online-normal | NUMBER | 10 11 10 11 10 | 99 | odd",
        "online-normal | NUMBER | 10 11 10 11 10 99 10 11 | 98 | odd",
        "batch-normal | NUMBER | 10 11 10 11 10 99 10 11 | 98 | normal",
        "absolute-change with lower=-5 with upper=5 | NUMBER | | 7 | not yet",
        "absolute-change with lower=-5 with upper=5 | NUMBER | 90 100 | 105 | normal",
        "absolute-change with lower=-5 with upper=5 | NUMBER | 90 100 | 105.1 | odd",
        "rate-of-change with lower=0 | NUMBER | 90 100 | 99 | odd",
        "rate-of-change with lower=0 | NUMBER | 90 100 | 9999 | normal",
        "relative-rate-of-change with lower=0.9 with upper=1.1 | NUMBER | 100 | 111 | odd",
        "relative-rate-of-change with lower=0.9 with upper=1.1 | NUMBER | 100 | 109 | normal",
        "relative-rate-of-change with lower=0.9 with upper=1.1 | NUMBER | -100 | -105 | normal",
        "relative-rate-of-change with upper=3 | NUMBER | 0 | 0.1 | odd",
        "simple-threshold with lower=90 | NUMBER | | 89 | odd",
        "simple-threshold with lower=90 | NUMBER | | 91 | normal",
        "seasonal with season=3 | NUMBER | 1 5 9 1 5 | 9 | not yet",
        "seasonal with season=3 | NUMBER | 10 50 90 11 51 | 9 | not yet",
        "seasonal with season=3 | NUMBER | 10 50 90 11 51 92 | 11 | normal",
        "seasonal with season=3 | NUMBER | 10 50 90 11 51 92 | 51 | odd",
        "seasonal with season=3 | NUMBER | 10 50 90 20 60 100 30 70 110 | 40 | normal",
        "seasonal with season=3 | NUMBER | 10 50 90 20 60 100 30 70 110 | 110 | odd",
      })
  void judges(String strategy, Kind kind, String history, double value, String verdict) {
    double[] past =
        history == null
            ? new double[0]
            : Arrays.stream(history.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(verdict(settings(strategy, kind), past, value)).isEqualTo(verdict);
  }

  @Test
  void tellsTheRangeAndWhatItRestsOn() {
    Expectation known =
        settings("batch-normal with sigma=2", Kind.NUMBER).expectation(10, 12, 10, 12);
    assertThat(known.words())
        .isEqualTo("expected from 8.6906 to 13.3094 (batch-normal, by 4 runs)");
    assertThat(known.lower()).isEqualTo(11 - 2 * Math.sqrt(4.0 / 3));
    Expectation open = settings("rate-of-change with lower=0", Kind.NUMBER).expectation(5);
    assertThat(open.words()).isEqualTo("expected at least 5 (rate-of-change, by 1 run)");
    assertThat(open.upper()).isNull();
    Expectation none = settings("robust", Kind.NUMBER).expectation(5);
    assertThat(none.note()).isEqualTo("not judged yet: has 1 of 2 runs");
    assertThat(none.lower()).isNull();
    Expectation share = settings("robust", Kind.SHARE).expectation(1, 1);
    assertThat(share.words()).startsWith("expected from 0.95 to 1 ");
  }

  @Test
  void cryWolfRarelyWhereNothingChanges() {
    for (double spread : new double[] {0.001, 0.05, 0.2, 0.5}) {
      Random random = new Random(7);
      for (String strategy : List.of("robust", "seasonal", "online-normal with sigma=4")) {
        int alarms = 0;
        int judged = 0;
        for (int series = 0; series < 20; series++) {
          List<Double> past = new ArrayList<>();
          for (int run = 0; run < 200; run++) {
            double value = 100 * (1 + spread * random.nextGaussian());
            String verdict = verdict(settings(strategy, Kind.NUMBER), Sample.of(past), value);
            judged += verdict.equals(NOT_YET) ? 0 : 1;
            if (verdict.equals("odd")) {
              alarms++; // rejected, so no part of the past
            } else {
              past.add(value);
            }
          }
        }
        assertThat(judged).isGreaterThan(3600);
        assertThat((double) alarms / judged).as(strategy + " " + spread).isLessThan(0.02);
      }
    }
  }

  /** Where the past is neither short nor constant, the formulas are Deequ's. */
  @Test
  void agreesWithDeequ() {
    Random random = new Random(3);
    Map<String, AnomalyDetectionStrategy> pairs =
        Map.of(
            "batch-normal with floor=0",
            new BatchNormalStrategy(some(3), some(3), false),
            "absolute-change with lower=-5 with upper=5",
            new AbsoluteChangeStrategy(some(-5), some(5), 1),
            "relative-rate-of-change with lower=0.95 with upper=1.05",
            new RelativeRateOfChangeStrategy(some(0.95), some(1.05), 1),
            "simple-threshold with lower=95 with upper=105",
            new SimpleThresholdStrategy(95, 105));
    int odd = 0;
    for (int i = 0; i < 50; i++) {
      double[] past = random.doubles(12, 90, 110).toArray();
      double value = random.nextDouble(70, 130);
      for (Map.Entry<String, AnomalyDetectionStrategy> pair : pairs.entrySet()) {
        boolean isOdd = isAnomaly(pair.getValue(), past, value);
        odd += isOdd ? 1 : 0;
        assertThat(verdict(settings(pair.getKey(), Kind.NUMBER), past, value))
            .as(pair.getKey() + " " + Arrays.toString(past) + " " + value)
            .isEqualTo(isOdd ? "odd" : "normal");
      }
    }
    assertThat(odd).isBetween(50, 190);
  }

  private static String verdict(AnomalySettings settings, double[] past, double value) {
    int from = Math.max(0, past.length - settings.runs());
    Expectation expected = settings.expectation(Arrays.copyOfRange(past, from, past.length));
    if (expected.note() != null) {
      return NOT_YET;
    }
    return expected.holds().test(value) ? "normal" : "odd";
  }

  private static AnomalySettings settings(String text, Kind kind) {
    String[] parts = text.split(" with ");
    Map<String, String> tags = new TreeMap<>();
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      tags.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
    }
    return AnomalySettings.of(Strategy.of(parts[0]).orElseThrow(), kind, tags);
  }

  private static boolean isAnomaly(AnomalyDetectionStrategy strategy, double[] past, double value) {
    List<DataPoint<Object>> points = new ArrayList<>();
    for (int i = 0; i < past.length; i++) {
      points.add(new DataPoint<>(i, some(past[i])));
    }
    return !new AnomalyDetector(strategy)
        .isNewPointAnomalous(
            JavaConverters.asScalaBufferConverter(points).asScala().toSeq(),
            new DataPoint<>(99, some(value)))
        .anomalies()
        .isEmpty();
  }

  private static Option<Object> some(double value) {
    return Option.apply(value);
  }
}
