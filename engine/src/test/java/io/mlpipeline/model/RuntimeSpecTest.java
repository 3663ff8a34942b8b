package io.mlpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeSpecTest {

  private static final RuntimeChange MORE = new RuntimeChange(RuntimeSetting.SHUFFLE_PARTITIONS, 2);
  private static final RuntimeChange LESS =
      new RuntimeChange(RuntimeSetting.MAX_PARTITION_BYTES, 4);

  @Test
  void changesAddUpEachTimeThatMemoryRunsOut() {
    RuntimeSpec spec = new RuntimeSpec(3, Duration.ZERO, null, List.of(MORE, LESS), 0);
    assertThat(spec.changes()).isEmpty();
    assertThat(spec.afterMemoryRanOut().changes())
        .extracting(RuntimeChange::toString)
        .containsExactly("shuffle-partitions x2", "max-partition-bytes /4");
    assertThat(spec.afterMemoryRanOut().afterMemoryRanOut().changes())
        .extracting(RuntimeChange::toString)
        .containsExactly("shuffle-partitions x4", "max-partition-bytes /16");
  }

  @Test
  void aChangeStaysWithinSensibleBoundsAndNeverTurnsBack() {
    assertThat(MORE.after(200)).isEqualTo(400);
    assertThat(MORE.times(100).after(200)).isEqualTo(100_000);
    assertThat(MORE.after(300_000)).isEqualTo(300_000);
    assertThat(LESS.after(128L << 20)).isEqualTo(32L << 20);
    assertThat(LESS.after(2L << 20)).isEqualTo(1L << 20);
    assertThat(LESS.after(1000)).isEqualTo(1000);
    assertThat(new RuntimeChange(RuntimeSetting.BROADCAST_BYTES, 2).after(-1)).isEqualTo(-1);
  }
}
