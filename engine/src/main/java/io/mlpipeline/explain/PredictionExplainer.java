package io.mlpipeline.explain;

import static org.apache.spark.sql.functions.col;

import io.mlpipeline.GateTrials;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.spark.explain.RowExplainer;
import io.mlpipeline.spark.ml.ModelFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Answers why a model predicted what it did for one row: the row as scored, the feature row at the
 * version that it was scored at, the rows behind that, and what each column added. Reads only.
 */
public final class PredictionExplainer {

  private static final int MOST_ROWS = 5;
  private static final List<String> SCORES = List.of("prediction", "model", "features", "_run");

  private final Warehouse warehouse;
  private final SparkSession spark;

  public PredictionExplainer(Warehouse warehouse, SparkSession spark) {
    this.warehouse = warehouse;
    this.spark = spark;
  }

  /** A feature row and where it was read. */
  private record Found(TableLog.Snapshot table, String label, Row row, Dataset<Row> rows) {}

  /**
   * Explains one prediction.
   *
   * @param from a table of scores or of feature rows, such as {@code churn/scores}; null to look
   * @throws EngineException {@code CONFIG_INVALID} if no table has a row of that key
   */
  public PredictionReport explain(ModelCard card, Map<String, String> key, @Nullable String from) {
    return GateTrials.told(() -> explained(card, new KeyedRows(spark, key), key, from));
  }

  private PredictionReport explained(
      ModelCard card, KeyedRows keyed, Map<String, String> key, @Nullable String from) {
    List<Derivation> events = warehouse.ledger().derivations();
    Found score = score(card, keyed, events, from).orElse(null);
    String at = score == null ? from : score.row().getAs("features");
    Found feature =
        feature(card, keyed, at)
            .orElseThrow(
                () ->
                    EngineException.misused(
                        "no row of " + key + " was found for " + name(card),
                        "name the table that it is in: --from PIPELINE/DATASET"));
    Transformer model = ModelFiles.load(spark, warehouse.uri(), manifest(card), List.of());
    RowExplainer.Explained now = RowExplainer.explain(model, feature.rows().limit(1));
    return new PredictionReport(
        name(card),
        card.digest(),
        score == null
            ? "scored now: no table of scores has this row"
            : "as scored in " + score.label(),
        KeyedRows.texts(score == null ? predicted(now.scored()) : score.row()),
        feature.label(),
        KeyedRows.texts(feature.row()),
        behind(keyed, events, feature),
        now.contributions());
  }

  private static String name(ModelCard card) {
    return card.model() + "@" + card.version();
  }

  private ModelManifest manifest(ModelCard card) {
    return warehouse
        .models()
        .find(card.pipeline(), card.artifact(), card.digest())
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.INPUT_GONE,
                    "model " + name(card) + " has no manifest for " + card.digest()));
  }

  /** What a model added that people read. */
  private static Row predicted(Row scored) {
    List<String> shown =
        Arrays.stream(scored.schema().fieldNames())
            .filter(c -> List.of("prediction", "probability", "predicted_label").contains(c))
            .toList();
    Object[] values = shown.stream().map(c -> scored.get(scored.fieldIndex(c))).toArray();
    return new org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema(
        values,
        new org.apache.spark.sql.types.StructType(
            shown.stream()
                .map(c -> scored.schema().apply(c))
                .toArray(org.apache.spark.sql.types.StructField[]::new)));
  }

  /** The newest row of scores of this model and key. */
  private Optional<Found> score(
      ModelCard card, KeyedRows keyed, List<Derivation> events, @Nullable String from) {
    List<String> places = from == null ? published(events) : List.of(from);
    for (String place : places) {
      Optional<TableLog.Snapshot> table = find(place);
      if (table.isPresent() && has(table.get(), SCORES)) {
        Optional<Found> found =
            keyed
                .find(table.get())
                .map(rows -> rows.filter(col("model").equalTo(name(card))))
                .flatMap(rows -> first(table.get(), place, rows));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Every table on record, the newest first. */
  private static List<String> published(List<Derivation> events) {
    Set<String> places = new LinkedHashSet<>();
    List<Derivation> newest = new ArrayList<>(events);
    Collections.reverse(newest);
    for (Derivation event : newest) {
      event.outputs().stream()
          .filter(output -> output.kind() == OutputKind.TABLE)
          .forEach(output -> places.add(output.uri()));
    }
    return List.copyOf(places);
  }

  private Optional<Found> first(TableLog.Snapshot table, String place, Dataset<Row> rows) {
    List<Row> one = rows.limit(1).collectAsList();
    int version = place.lastIndexOf('@');
    String label = (version < 0 ? place : place.substring(0, version)) + "@v" + table.version();
    return one.isEmpty()
        ? Optional.empty()
        : Optional.of(new Found(table, label, one.get(0), rows));
  }

  /** The table of a name such as {@code churn/features@v3}; the newest without a version. */
  private Optional<TableLog.Snapshot> find(String place) {
    int at = place.lastIndexOf("@v");
    return at < 0
        ? warehouse.tables().findNewest(place)
        : warehouse.tables().find(place.substring(0, at), Long.parseLong(place.substring(at + 2)));
  }

  private boolean has(TableLog.Snapshot table, List<String> columns) {
    List<String> known =
        List.of(io.mlpipeline.spark.table.TableReader.read(spark, table).columns());
    return known.containsAll(columns);
  }

  /** The row that the model takes: where it was scored, or nearest to the model on its card. */
  private Optional<Found> feature(ModelCard card, KeyedRows keyed, @Nullable String at) {
    ModelSignature signature = card.signature();
    List<String> taken =
        signature == null
            ? List.of()
            : signature.inputs().stream().map(ModelSignature.Field::name).toList();
    List<String> places = new ArrayList<>();
    if (at != null) {
      places.add(at);
    } else {
      List<ReceiptStep> nearest = new ArrayList<>(card.steps());
      Collections.reverse(nearest);
      for (ReceiptStep step : nearest) {
        for (LineageInput input : step.inputs()) {
          if (input.version() >= 0 && !input.identity().startsWith("m1:")) {
            places.add(input.uri() + "@v" + input.version());
          }
        }
      }
    }
    for (String place : places) {
      Optional<TableLog.Snapshot> table = find(place).filter(t -> has(t, taken));
      Optional<Found> found =
          table.flatMap(t -> keyed.find(t).flatMap(rows -> first(t, place, rows)));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Walks up the lineage from the table that the feature row is in. */
  private List<PredictionReport.Behind> behind(
      KeyedRows keyed, List<Derivation> events, Found feature) {
    Map<String, Derivation> makers = new TreeMap<>();
    for (Derivation event : events) {
      for (OutputVersion output : event.outputs()) {
        if (output.kind() == OutputKind.TABLE) {
          makers.putIfAbsent(output.uri() + "@v" + output.version(), event);
        }
      }
    }
    List<PredictionReport.Behind> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<String> work = new ArrayList<>(List.of(feature.label()));
    while (!work.isEmpty()) {
      Derivation maker = makers.get(work.remove(0));
      for (LineageInput input : maker == null ? List.<LineageInput>of() : maker.inputs()) {
        boolean isTable = input.version() >= 0 && !input.identity().startsWith("m1:");
        String place = isTable ? input.uri() + "@v" + input.version() : input.uri();
        if (seen.add(place)) {
          found.add(
              isTable
                  ? rows(keyed, place)
                  : new PredictionReport.Behind(place, input.identity(), List.of()));
          work.add(place);
        }
      }
    }
    return found;
  }

  private PredictionReport.Behind rows(KeyedRows keyed, String place) {
    Optional<TableLog.Snapshot> table = find(place);
    if (table.isEmpty()) {
      return new PredictionReport.Behind(place, "cannot be read any more", List.of());
    }
    Optional<Dataset<Row>> rows = keyed.find(table.get());
    if (rows.isEmpty()) {
      return new PredictionReport.Behind(place, "does not have the key", List.of());
    }
    List<Row> some = rows.get().limit(MOST_ROWS + 1).collectAsList();
    String note =
        some.isEmpty()
            ? "no row of this key"
            : some.size() > MOST_ROWS ? "the first " + MOST_ROWS + " rows of this key" : "";
    return new PredictionReport.Behind(
        place, note, KeyedRows.texts(some.subList(0, Math.min(MOST_ROWS, some.size()))));
  }
}
