package io.mlpipeline.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.json.ReuseEntryJson;
import io.mlpipeline.json.Samples;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoredReuseIndexTest {

  private static final String PRINT = "ab".repeat(32);

  private final MapObjectStore objects = new MapObjectStore();
  private final StoredReuseIndex index = new StoredReuseIndex(objects);

  private static ReuseEntry entry(String run, int attempt, int second, Verdict verdict) {
    return new ReuseEntry(
        "churn",
        "split",
        new Fingerprint(PRINT, List.of()),
        "v",
        verdict,
        run,
        run + "-split-" + attempt,
        Instant.ofEpochSecond(second),
        List.of(),
        Collections.emptySortedMap(),
        List.of(),
        List.of(),
        List.of());
  }

  private void assertFinds(ReuseEntry expected) {
    assertThat(index.find("churn", "split", PRINT)).contains(expected);
  }

  @Test
  void newestSuccessWinsByTimeThenKey() {
    ReuseEntry late = entry("r1", 2, 50, Verdict.WARN);
    index.add(entry("r2", 1, 40, Verdict.PASS));
    index.add(late);
    index.add(entry("r3", 1, 99, Verdict.REJECT));
    assertFinds(late);
    ReuseEntry tie = entry("r1", 3, 50, Verdict.PASS);
    index.add(tie);
    assertFinds(tie);
    assertThat(objects.objects).containsKey("reuse/churn/split/" + PRINT + "/r1-3.json");
  }

  @Test
  void newestRejectionCountsWhereNothingSucceeded() {
    ReuseEntry newest = entry("r1", 1, 9, Verdict.REJECT);
    index.add(newest);
    for (int i = 0; i < 50; i++) {
      index.add(entry("r0" + i, 1, i % 9, Verdict.REJECT));
    }
    assertFinds(newest);
    ReuseEntry success = entry("r000", 1, 1, Verdict.PASS);
    index.add(success);
    assertFinds(success);
  }

  @Test
  void sameAttemptTwiceIsOneEntry() {
    ReuseEntry first = entry("r1", 1, 1, Verdict.PASS);
    index.add(first);
    index.add(entry("r1", 1, 2, Verdict.REJECT));
    assertThat(objects.objects).hasSize(1);
    assertFinds(first);
  }

  @Test
  void damagedNewerAndMisfiledObjectsAreMisses() {
    ReuseEntry good = entry("r1", 1, 1, Verdict.PASS);
    String prefix = "reuse/churn/split/" + PRINT + "/";
    byte[] newer =
        new String(ReuseEntryJson.write(entry("r8", 1, 99, Verdict.PASS)), UTF_8)
            .replace("\"format\":2", "\"format\":99")
            .getBytes(UTF_8);
    objects.replace(prefix + "r7-1.json", new byte[0]);
    objects.replace(prefix + "r8-1.json", newer);
    objects.replace(prefix + "r9-1.json", ReuseEntryJson.write(new Samples(1).entry("x", "y")));
    assertThat(index.find("churn", "split", PRINT)).isEmpty();
    index.add(good);
    assertFinds(good);
  }

  @Test
  void anEntryThatWasAlteredIsAMissByItsOwnSeal() {
    ReuseEntry good = entry("r1", 1, 1, Verdict.PASS);
    index.add(good);
    index.saveLast(new LastState("churn", new TreeMap<>(Map.of("split", good))));
    for (String key : List.copyOf(objects.objects.keySet())) {
      String text = new String(objects.find(key).orElseThrow(), UTF_8);
      objects.replace(key, text.replace("\"pass\"", "\"warn\"").getBytes(UTF_8));
      assertThat(text).contains("\"pass\"");
    }
    assertThat(index.find("churn", "split", PRINT)).isEmpty();
    assertThat(index.loadLast("churn").steps()).isEmpty();
  }

  @Test
  void lastStateIsReplacedAndItsDamageIsNoError() {
    assertThat(index.loadLast("churn").steps()).isEmpty();
    LastState state =
        new LastState("churn", new TreeMap<>(Map.of("split", entry("r1", 1, 1, Verdict.PASS))));
    index.saveLast(state);
    index.saveLast(state);
    assertThat(index.loadLast("churn")).isEqualTo(state);
    objects.replace("last/other.json", objects.find("last/churn.json").orElseThrow());
    assertThat(index.loadLast("other").steps()).isEmpty();
    objects.replace("last/churn.json", "{\"format\":1".getBytes(UTF_8));
    assertThat(index.loadLast("churn")).isEqualTo(new LastState("churn", new TreeMap<>()));
  }

  @Test
  void allThatIsKnownOfTheVersionsOfATableIsFoundButNotWhatIsDamagedOrOfAnother() {
    PartitionSet one = set("2024-06-01", "c1:2:00000000000000010000000000000001", "=a");
    PartitionSet other = set("2024-06-01", "c1:2:00000000000000010000000000000001", "=b");
    index.keep("shop/lines", one);
    String damaged = index.keep("shop/lines", other);
    index.keep("shop/lines_old", other);
    assertThat(index.loadPartitions("shop/lines")).containsExactlyInAnyOrder(one, other);
    objects.objects.put("partitions/shop/lines/" + damaged + ".json", "{}".getBytes(UTF_8));
    assertThat(index.loadPartitions("shop/lines")).containsExactly(one);
    assertThat(index.loadPartitions("shop/none")).isEmpty();
  }

  private static PartitionSet set(String day, String content, String key) {
    return new PartitionSet(
        new TreeMap<>(Map.of("day=" + day, new PartitionSet.Part(content, key))));
  }
}
