package io.mlpipeline.delta;

import io.mlpipeline.json.MeasurementJson;
import io.mlpipeline.json.WaiverJson;
import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Waiver;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What gates remember, as objects: {@code gates/<pipeline>/<dataset>/metrics/<run>-<n>.json},
 * {@code gates/<pipeline>/<dataset>/profiles/<hash of content>-<kind>}, {@code
 * waivers/<pipeline>/<time>-<hash>.json}. Run ids sort by time, so the newest are found by name.
 *
 * <p>An object that is damaged or newer than this engine counts as absent.
 */
public final class StoredGates implements GateStore {

  private static final int HASH = 16;

  private final ObjectStore objects;

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredGates(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public void add(Measurement measurement) {
    String number = measurement.attempt().substring(measurement.attempt().lastIndexOf('-') + 1);
    String key =
        metrics(measurement.pipeline(), measurement.dataset())
            + measurement.run()
            + "-"
            + number
            + ".json";
    objects.putIfAbsent(key, MeasurementJson.write(measurement));
  }

  @Override
  public List<Measurement> newest(String pipeline, String dataset, int limit) {
    List<String> keys = new ArrayList<>(objects.list(metrics(pipeline, dataset)));
    keys.sort(Comparator.reverseOrder());
    List<Measurement> found = new ArrayList<>();
    for (String key : keys) {
      if (found.size() == limit) {
        break;
      }
      StoredForms.find(objects, key, MeasurementJson::read).ifPresent(found::add);
    }
    // Within a second run ids do not sort by time.
    found.sort(Comparator.comparing(Measurement::at).reversed());
    return found;
  }

  @Override
  public void add(Waiver waiver) {
    byte[] document = WaiverJson.write(waiver);
    objects.putIfAbsent(
        "waivers/"
            + waiver.pipeline()
            + "/"
            + waiver.at().toEpochMilli()
            + "-"
            + hash(new String(document, StandardCharsets.UTF_8))
            + ".json",
        document);
  }

  @Override
  public List<Waiver> waivers(String pipeline) {
    List<Waiver> found = new ArrayList<>();
    for (String key : objects.list("waivers/" + pipeline + "/")) {
      StoredForms.find(objects, key, WaiverJson::read).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(Waiver::at));
    return found;
  }

  @Override
  public void putProfile(
      String pipeline, String dataset, String content, String kind, byte[] profile) {
    objects.putIfAbsent(profile(pipeline, dataset, content, kind), profile);
  }

  @Override
  public Optional<byte[]> findProfile(
      String pipeline, String dataset, String content, String kind) {
    return objects.find(profile(pipeline, dataset, content, kind));
  }

  private static String metrics(String pipeline, String dataset) {
    return "gates/" + pipeline + "/" + dataset + "/metrics/";
  }

  private static String profile(String pipeline, String dataset, String content, String kind) {
    return "gates/" + pipeline + "/" + dataset + "/profiles/" + hash(content) + "-" + kind;
  }

  private static String hash(String text) {
    return new Canonical().text(text).hex().substring(0, HASH);
  }
}
