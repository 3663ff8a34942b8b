package io.mlpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.SampleMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMarkersTest {

  private static final SampleMarker ONE =
      new SampleMarker("1%", "/wh", Instant.parse("2026-11-28T10:00:00Z"));

  @TempDir Path folder;
  private Warehouse warehouse;

  @BeforeEach
  void opensAWarehouse() {
    warehouse = Warehouse.open("wh__sample-1pct", folder);
  }

  @Test
  void theFirstMarkStaysWithItsTime() {
    SampleMarkers.mark(warehouse, ONE);
    SampleMarkers.mark(
        warehouse, new SampleMarker("1%", "/wh", Instant.parse("2026-12-01T10:00:00Z")));
    assertThat(SampleMarkers.find(warehouse)).contains(ONE);
  }

  @Test
  void aRealRunDoesNotGoToSamples() {
    SampleMarkers.mark(warehouse, ONE);
    assertThatThrownBy(() -> SampleMarkers.refuse(warehouse))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("holds samples of 1%")
        .hasMessageContaining("nothing else may go there")
        .hasMessageContaining("--warehouse /wh");
  }

  @Test
  void aSampleDoesNotGoWhereSomethingElseRan() {
    warehouse.objects().putIfAbsent("last/churn.json", new byte[] {1});
    assertThatThrownBy(() -> SampleMarkers.mark(warehouse, ONE))
        .hasMessageContaining("has runs that are no samples");
    assertThat(SampleMarkers.find(warehouse)).isEmpty();
  }

  @Test
  void samplesOfAnotherWarehouseAreRefused() {
    SampleMarkers.mark(warehouse, ONE);
    SampleMarker other = new SampleMarker("1%", "/other", ONE.made());
    assertThatThrownBy(() -> SampleMarkers.mark(warehouse, other))
        .hasMessageContaining("holds other samples: samples of 1%");
  }

  @Test
  void aMarkThatCannotBeReadStillKeepsRealRunsAway() throws IOException {
    Path marker = folder.resolve("wh__sample-1pct/_ml/sample.json");
    Files.createDirectories(marker.getParent());
    Files.writeString(marker, "{ garbage");
    assertThatThrownBy(() -> SampleMarkers.refuse(warehouse))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("sample.json cannot be read")
        .hasMessageContaining("delete that warehouse");
  }
}
