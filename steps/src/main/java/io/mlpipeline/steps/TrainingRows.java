package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import io.mlpipeline.steps.TrainClassifier.Algorithm;
import io.mlpipeline.steps.TrainClassifier.ClassWeights;
import io.mlpipeline.steps.TrainClassifier.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The columns that training needs, in an order and in partitions that depend on content only, kept
 * in memory until closed.
 */
final class TrainingRows implements AutoCloseable {

  static final String LABEL = "__label";
  static final String WEIGHT = "__weight";

  private static final long ROWS_A_PARTITION = 50_000;
  private static final int MOST_PARTITIONS = 64;

  private final Dataset<Row> rows;
  private final BinaryLabel label;
  private final TrainingProfile profile;
  private final int partitions;
  private final boolean wholeNumbers;

  private TrainingRows(
      Dataset<Row> rows,
      BinaryLabel label,
      TrainingProfile profile,
      int partitions,
      boolean wholeNumbers) {
    this.rows = rows;
    this.label = label;
    this.profile = profile;
    this.partitions = partitions;
    this.wholeNumbers = wholeNumbers;
  }

  static TrainingRows prepare(Dataset<Row> input, Params params) {
    StructType schema = input.schema();
    BinaryLabel label = check(schema, params);
    int partitions = partitions(input);
    Dataset<Row> kept =
        arranged(input, label, params, partitions).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      TrainingProfile profile = TrainingProfile.of(kept, label, params);
      boolean wholeNumbers =
          params.algorithm() == Algorithm.RANDOM_FOREST && params.weightColumn().isEmpty();
      return new TrainingRows(kept, label, profile, partitions, wholeNumbers);
    } catch (RuntimeException e) {
      kept.unpersist();
      throw e;
    }
  }

  /** The features as they came, {@link #LABEL} as text, {@link #WEIGHT} as double. */
  Dataset<Row> rows() {
    return rows;
  }

  BinaryLabel label() {
    return label;
  }

  TrainingProfile profile() {
    return profile;
  }

  @Override
  public void close() {
    rows.unpersist();
  }

  private static BinaryLabel check(StructType schema, Params params) {
    var field = MlColumns.find(schema, "label", params.label());
    params.numeric().forEach(column -> MlColumns.requireNumber(schema, "numeric", column));
    params.categorical().forEach(column -> MlColumns.requireAtom(schema, "categorical", column));
    params.key().forEach(column -> MlColumns.requireAtom(schema, "key", column));
    if (!params.weightColumn().isEmpty()) {
      MlColumns.requireNumber(schema, "weight-column", params.weightColumn());
    }
    return BinaryLabel.of(field.name(), field.dataType(), params.positive());
  }

  private static Dataset<Row> arranged(
      Dataset<Row> input, BinaryLabel label, Params params, int partitions) {
    List<Column> keys = new ArrayList<>();
    params.key().forEach(c -> keys.add(MlColumns.named(c).as("__key" + keys.size())));
    List<Column> used = new ArrayList<>();
    Stream.concat(params.numeric().stream(), params.categorical().stream())
        .forEach(column -> used.add(MlColumns.named(column)));
    used.add(label.text().as(LABEL));
    used.add(
        (params.weightColumn().isEmpty()
                ? lit(1.0)
                : MlColumns.number(MlColumns.named(params.weightColumn())))
            .as(WEIGHT));
    Dataset<Row> all =
        input.select(Stream.concat(keys.stream(), used.stream()).toArray(Column[]::new));
    Column[] order = Stream.of(all.columns()).map(MlColumns::named).toArray(Column[]::new);
    Dataset<Row> placed =
        partitions == 1 ? all.repartition(1) : all.repartition(partitions, by(order, keys));
    return placed
        .sortWithinPartitions(order)
        .drop(IntStream.range(0, keys.size()).mapToObj(i -> "__key" + i).toArray(String[]::new))
        // Spark shares kept tables between sessions by their plan; another step must not free ours.
        .where(lit(params.toString()).isNotNull());
  }

  private static Column[] by(Column[] order, List<Column> keys) {
    return keys.isEmpty() ? order : Stream.of(order).limit(keys.size()).toArray(Column[]::new);
  }

  /** By content alone, so that it is the same wherever this runs. */
  private static int partitions(Dataset<Row> input) {
    return (int) Math.min(MOST_PARTITIONS, 1 + input.count() / ROWS_A_PARTITION);
  }

  /**
   * Rows of a transformed {@link #rows} as the learner must see them: in one partition wherever
   * sums of fractions are built, since their last digits depend on the grouping.
   */
  Dataset<Row> forLearner(Dataset<Row> transformed) {
    if (partitions == 1 || wholeNumbers) {
      return transformed;
    }
    String place = "__place";
    return transformed
        .withColumn(place, monotonically_increasing_id())
        .repartition(1)
        .sortWithinPartitions(place)
        .drop(place);
  }

  /** Whether rows count differently. */
  static boolean isWeighted(Params params) {
    return !params.weightColumn().isEmpty() || params.classWeights() == ClassWeights.BALANCED;
  }
}
