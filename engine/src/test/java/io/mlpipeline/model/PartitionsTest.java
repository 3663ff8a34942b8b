package io.mlpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Names of partitions, what one is made of, and where paths say them. */
class PartitionsTest {

  private static SortedSet<String> set(String... names) {
    return new TreeSet<>(List.of(names));
  }

  @Test
  void namesSayTheirValuesWhateverStandsInThem() {
    SortedMap<String, String> odd = new TreeMap<>(Map.of("day", "a/b=c d%20", "region", ""));
    String name = PartitionNames.of(odd);
    assertThat(PartitionNames.values(name)).isEqualTo(odd);
    assertThat(PartitionNames.shown("day=2024-06-01")).isEqualTo("2024-06-01");
    assertThat(PartitionNames.shown("region=")).isEqualTo("null");
    assertThat(PartitionNames.time("day=2024-02-30")).isEmpty();
    assertThat(PartitionNames.time("country=DE/day=2024-06-01")).isEmpty();
  }

  @Test
  void windowEndsWithThePartitionsOwnDayAndSkipsDaysThatAreNotThere() {
    PartitionUse week = PartitionUse.find("window(3d)").orElseThrow();
    assertThat(week.of("day=2024-03-01", set("day=2024-02-27", "day=2024-03-01", "day=2024-03-02")))
        .as("2024-02-29 is not there, 27 is not of the last three")
        .containsExactly("day=2024-03-01");
    assertThat(week.of("day=2024-03-01", set("day=2024-02-29")))
        .as("its own day need not be there")
        .containsExactly("day=2024-02-29");
    assertThatThrownBy(() -> week.of("day=june", set("day=june")))
        .isInstanceOf(IllegalArgumentException.class);
    for (String wrong :
        List.of("window(0d)", "window(-1d)", "window(7)", "window(7m)", "EACH", "")) {
      assertThat(PartitionUse.find(wrong)).as(wrong).isEmpty();
    }
    assertThat(PartitionUse.find(week.toString())).contains(week);
  }

  @Test
  void hoursAreWrittenWithATAndCountedAcrossDays() {
    assertThat(PartitionTime.find("2024-06-01T13").orElseThrow().minus(14))
        .hasToString("2024-05-31T23");
    for (String wrong :
        List.of("2024-06-01T24", "2024-06-01T1", "2024-06-01 13", "2024-06-01T13:00", "T13")) {
      assertThat(PartitionTime.find(wrong)).as(wrong).isEmpty();
    }
    PartitionUse two = PartitionUse.find("window(2h)").orElseThrow();
    assertThat(PartitionUse.find(two.toString())).contains(two);
    SortedSet<String> there =
        set("h=2024-05-31T23", "h=2024-06-01T00", "h=2024-06-01T01", "h=2024-06-02T00");
    assertThat(two.of("h=2024-06-01T00", there))
        .containsExactly("h=2024-05-31T23", "h=2024-06-01T00");
    assertThatThrownBy(() -> two.of("h=2024-06-01", there)).hasMessageContaining("is no hour");
    assertThat(PartitionUse.HOURS.of("day=2024-06-01", there))
        .containsExactly("h=2024-06-01T00", "h=2024-06-01T01");
    assertThat(PartitionUse.HOURS.of("day=2024-06-01", set())).isEmpty();
    assertThat(PartitionUse.HOURS.follows("h=2024-06-01T13", "day")).isEqualTo("day=2024-06-01");
  }

  @Test
  void pathsSayHoursByAForm() {
    PathLayout firehose = PathLayout.of("/data/{hour:yyyy/MM/dd/HH}/*.json");
    assertThat(firehose.values("2024/06/01/07/a.json").orElseThrow())
        .isEqualTo(Map.of("hour", "2024-06-01T07"));
    assertThat(firehose.values("2024/06/01/24/a.json")).as("a day has 24 hours").isEmpty();
    String hive = "/data/{hour:'dt='yyyy-MM-dd'/hr='HH}/*.parquet";
    assertThat(PathLayout.glob(hive)).isEqualTo("/data/dt=????-??-??/hr=??/*.parquet");
    assertThat(PathLayout.of(hive).values("dt=2024-06-01/hr=07/a.parquet").orElseThrow())
        .isEqualTo(Map.of("hour", "2024-06-01T07"));
    String log = "/data/x_{hour:yyyyMMddTHH'00'}.csv";
    assertThat(PathLayout.of(log).values("x_20240601T0700.csv").orElseThrow())
        .isEqualTo(Map.of("hour", "2024-06-01T07"));
    assertThat(PathLayout.of(log).unit("hour")).contains(PartitionTime.Unit.HOUR);
    assertThat(PathLayout.of("/x/{day:yyyyMMdd}").unit("day")).contains(PartitionTime.Unit.DAY);
    assertThat(PathLayout.of("/x/{day}").unit("day")).isEmpty();
  }

  @Test
  void pathsSayPartitionsByPlaceByDateFormOrByHivesDirectories() {
    PathLayout plain = PathLayout.of("/data/ev/{day}/*.csv");
    assertThat(plain.template()).isEqualTo("{day}/*.csv");
    assertThat(PathLayout.glob("/data/ev/{day}/*.csv")).isEqualTo("/data/ev/*/*.csv");
    assertThat(plain.values("2024-06-01/a.csv"))
        .contains(new TreeMap<>(Map.of("day", "2024-06-01")));
    assertThat(plain.values("2024-06-01/a.json")).isEmpty();
    PathLayout dated = PathLayout.of("/data/x_{day:yyyyMMdd}.{csv,tsv}");
    assertThat(PathLayout.glob("/data/x_{day:yyyyMMdd}.{csv,tsv}"))
        .isEqualTo("/data/x_????????.{csv,tsv}");
    assertThat(dated.columns()).containsExactly("day");
    assertThat(dated.values("x_20240601.tsv")).contains(new TreeMap<>(Map.of("day", "2024-06-01")));
    assertThat(dated.values("x_20240631.csv")).as("June has 30 days").isEmpty();
    PathLayout deep = PathLayout.of("/data/{day:yyyy/MM/dd}/{region}/part");
    assertThat(deep.values("2024/06/01/eu/part/f.csv").orElseThrow())
        .isEqualTo(Map.of("day", "2024-06-01", "region", "eu"));
    assertThat(PathLayout.ofDirectories("day=2024-06-01/region=a%2Fb/x=1.csv").orElseThrow())
        .isEqualTo(Map.of("day", "2024-06-01", "region", "a/b"));
    assertThat(PathLayout.ofDirectories("x=1.csv")).isEmpty();
    assertThat(PathLayout.isNamedBy("/data/{a,b}/*.csv")).isFalse();
  }

  @Test
  void choiceTakesTheNewestOfWhatLiesBetweenItsBounds() {
    SortedSet<String> due = set("day=2024-06-01", "day=2024-06-02", "day=2024-06-03", "day=x");
    assertThat(PartitionChoice.ALL.of(due)).isEqualTo(due);
    PartitionTime first = PartitionTime.find("2024-06-01").orElseThrow();
    PartitionChoice range =
        new PartitionChoice(first, first.minus(-1), 1, PartitionChoice.Steps.ALL);
    assertThat(range.of(due)).containsExactly("day=2024-06-02");
    assertThatThrownBy(
            () -> new PartitionChoice(first, first.minus(1), 0, PartitionChoice.Steps.ALL))
        .hasMessageContaining("ends before it begins");
    assertThatThrownBy(() -> PartitionChoice.newest(-1)).hasMessageContaining("-1");
  }

  @Test
  void hoursLieInARangeOfDaysAndADayInARangeOfItsHours() {
    PartitionTime hour = PartitionTime.find("2024-06-01T13").orElseThrow();
    PartitionTime day = PartitionTime.find("2024-06-01").orElseThrow();
    SortedSet<String> due =
        set(
            "h=2024-05-31T23",
            "h=2024-06-01T00",
            "h=2024-06-01T23",
            "h=2024-06-02T00",
            "h=2024-06-01");
    PartitionChoice days = new PartitionChoice(day, day, 0, PartitionChoice.Steps.ALL);
    assertThat(days.of(due)).containsExactly("h=2024-06-01", "h=2024-06-01T00", "h=2024-06-01T23");
    PartitionChoice hours =
        new PartitionChoice(hour, hour.minus(-20), 0, PartitionChoice.Steps.ALL);
    assertThat(hours.of(due)).containsExactly("h=2024-06-01", "h=2024-06-01T23", "h=2024-06-02T00");
    assertThat(new PartitionChoice(hour, day, 0, PartitionChoice.Steps.ALL).of(due))
        .containsExactly("h=2024-06-01", "h=2024-06-01T23");
    assertThatThrownBy(() -> new PartitionChoice(hour, hour.minus(1), 0, PartitionChoice.Steps.ALL))
        .hasMessageContaining("ends before it begins");
  }

  @Test
  void keyChangesWithWhatThePartitionIsMadeOfAndTellsWhich() {
    SortedMap<String, SortedMap<String, String>> inputs = new TreeMap<>();
    inputs.put("raw", new TreeMap<>(Map.of("day=1", "a")));
    inputs.put("ref", new TreeMap<>());
    String key = PartitionKey.of("b1", inputs);
    inputs.put("raw", new TreeMap<>(Map.of("day=1", "b")));
    String other = PartitionKey.of("b1", inputs);
    assertThat(PartitionKey.parts(other)).containsEntry(PartitionKey.BASE, "b1");
    assertThat(PartitionKey.parts(other).get("raw"))
        .isNotEqualTo(PartitionKey.parts(key).get("raw"));
    assertThat(PartitionKey.parts(other).get("ref")).isEqualTo(PartitionKey.parts(key).get("ref"));
  }

  @Test
  void workIsDividedSoThatEachPartReadsWhatItNeedsAndTheFirstRemoves() {
    SortedMap<String, SortedSet<String>> reads = new TreeMap<>();
    reads.put("e", set("day=2024-06-01", "day=2024-06-02", "day=2024-06-03"));
    PartitionWork work =
        new PartitionWork(
            set("day=2024-06-02", "day=2024-06-03"),
            set("day=2023-01-01"),
            9,
            new TreeMap<>(Map.of("day=2024-06-02", "k2", "day=2024-06-03", "k3")),
            reads,
            null,
            PartitionSet.EMPTY,
            PartitionWork.Judging.ASKED);
    StepSpec step =
        new StepSpec(
            "s",
            "sql",
            new TreeMap<>(Map.of("e", "events")),
            new TreeMap<>(Map.of("e", PartitionUse.window(2, PartitionTime.Unit.DAY))),
            Params.NONE,
            List.of(),
            RuntimeSpec.DEFAULT,
            SourceLocation.UNKNOWN);
    PartitionWork first = work.only(set("day=2024-06-02"), step);
    PartitionWork second = work.only(set("day=2024-06-03"), step);
    assertThat(first.reads().get("e")).containsExactly("day=2024-06-01", "day=2024-06-02");
    assertThat(second.reads().get("e")).containsExactly("day=2024-06-02", "day=2024-06-03");
    assertThat(first.removed()).containsExactly("day=2023-01-01");
    assertThat(second.removed()).isEmpty();
    assertThat(second.keys()).isEqualTo(Map.of("day=2024-06-03", "k3"));
    assertThat(second.stays("day=2024-06-02")).isTrue();
  }
}
