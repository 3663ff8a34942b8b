package io.mlpipeline;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.SampleMarkerJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.SampleMarker;
import java.util.Optional;

/** Keeps warehouses of samples and real ones apart: by an object that the former have. */
public final class SampleMarkers {

  private SampleMarkers() {}

  /**
   * What a warehouse of samples says of itself; empty for a real one.
   *
   * @throws EngineException {@code STORAGE_CORRUPT} if it says something that cannot be read
   */
  public static Optional<SampleMarker> find(Warehouse warehouse) {
    return warehouse.objects().find(SampleMarkerJson.KEY).map(bytes -> read(warehouse, bytes));
  }

  private static SampleMarker read(Warehouse warehouse, byte[] document) {
    try {
      return SampleMarkerJson.read(document);
    } catch (FormException e) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT,
          warehouse.uri()
              + " is a warehouse of samples, and its _ml/"
              + SampleMarkerJson.KEY
              + " cannot be read ("
              + e.getMessage()
              + "): delete that warehouse, the next sample makes it anew",
          e);
    }
  }

  /** Refuses to work on a warehouse of samples as if it were a real one. */
  static void refuse(Warehouse warehouse) {
    find(warehouse)
        .ifPresent(
            marker -> {
              throw EngineException.misused(
                  warehouse.uri() + " holds " + marker.words() + ", and nothing else may go there",
                  "name the real one: --warehouse " + marker.of());
            });
  }

  /** Marks a warehouse, or refuses it if it is used for something else. */
  public static void mark(Warehouse sample, SampleMarker wanted) {
    Optional<SampleMarker> found = find(sample);
    if (found.isEmpty()) {
      boolean isUsed =
          !sample.objects().list("last/").isEmpty()
              || !sample.objects().list("receipts/").isEmpty();
      if (isUsed) {
        throw EngineException.misused(
            sample.uri() + " has runs that are no samples, so no sample goes there",
            "move it, or delete it if nobody needs it");
      }
      sample.objects().putIfAbsent(SampleMarkerJson.KEY, SampleMarkerJson.write(wanted));
      found = find(sample);
    }
    SampleMarker is = found.orElse(wanted);
    if (!is.share().equals(wanted.share()) || !is.of().equals(wanted.of())) {
      throw EngineException.misused(
          sample.uri() + " holds other samples: " + is.words(),
          "delete it if nobody needs it, or choose another share");
    }
  }
}
