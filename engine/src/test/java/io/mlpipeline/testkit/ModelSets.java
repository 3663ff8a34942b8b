package io.mlpipeline.testkit;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.registry.RegistryEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Registers versions of one model together with the tables that they were made with. */
public final class ModelSets {

  /** The model. */
  public static final String MODEL = "churn";

  private final ModelRegistry registry;
  private final TableLog tables;
  private final ModelStore models;
  private final ModelHistory history;

  public ModelSets(ModelRegistry registry, TableLog tables, ModelStore models) {
    this.registry = registry;
    this.tables = tables;
    this.models = models;
    this.history = new ModelHistory(registry, MODEL);
  }

  /** Events besides. */
  public ModelHistory history() {
    return history;
  }

  /** Publishes a table of a file that nobody wrote, whose content goes by a name. */
  public OutputVersion publish(String uri, String content) {
    DataFile file = new DataFile(content + ".parquet", new TreeMap<>(), 1, 0, 1, null);
    return publish(uri, content, List.of(file));
  }

  /** Publishes a table whose content goes by a name. */
  public OutputVersion publish(String uri, String content, List<DataFile> files) {
    StagedTable staged =
        new StagedTable(
            "rows",
            uri,
            uri,
            "a-" + content,
            "{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\","
                + "\"nullable\":true,\"metadata\":{}}]}",
            List.of(),
            files);
    OutputVersion any =
        new OutputVersion(
            OutputKind.TABLE, "rows", uri, uri, 0, "c1:1:" + content, "s", 1, 1, null);
    long base = tables.findHead(uri).orElse(-1);
    TableLog.CommitInfo info = new TableLog.CommitInfo("r", "s", "a-" + content, any.identity());
    return any.atVersion(tables.replace(staged, base, info));
  }

  /** Makes the model, and registers it by ann with what belongs to it. */
  public ModelSets registered(
      String version, Map<String, String> config, OutputVersion... outputs) {
    ModelCard plain = ModelHistory.card(MODEL, version);
    ReuseEntry entry =
        new ReuseEntry(
            "churn",
            "features",
            new Fingerprint("00", List.of()),
            "",
            Verdict.PASS,
            "r",
            "a",
            ModelHistory.START,
            List.of(outputs),
            new TreeMap<>(),
            List.of(),
            List.of(),
            List.of());
    ModelCard card =
        new ModelCard(
            MODEL,
            plain.version(),
            plain.change(),
            plain.pipeline(),
            plain.artifact(),
            plain.digest(),
            plain.uri(),
            plain.run(),
            plain.at(),
            plain.by(),
            null,
            null,
            List.of(new ReceiptStep("sql", entry, List.of())),
            List.of(),
            plain.facts(),
            new TreeMap<>(config));
    models.publish(
        new ModelManifest(
            card.pipeline(), card.artifact(), card.digest(), card.uri(), "r", "a", List.of()));
    RegistryEvent next =
        history.next(RegistryEvent.Kind.REGISTERED, version, PromotionStage.EXPERIMENTAL, "ann");
    history.append(withCard(next, registry.put(card)));
    return this;
  }

  /** Registers it and brings it to production. */
  public ModelSets inProduction(
      String version, Map<String, String> config, OutputVersion... outputs) {
    registered(version, config, outputs);
    history
        .promoted(version, PromotionStage.STAGING, "ann")
        .promoted(version, PromotionStage.PRODUCTION, "bob");
    return this;
  }

  private static RegistryEvent withCard(RegistryEvent e, String card) {
    return new RegistryEvent(
        e.model(),
        e.number(),
        e.kind(),
        e.version(),
        e.digest(),
        e.from(),
        e.to(),
        e.by(),
        e.at(),
        e.reason(),
        e.run(),
        card,
        e.evidence(),
        e.evidenceAt(),
        e.decided(),
        e.restored(),
        e.previous());
  }
}
