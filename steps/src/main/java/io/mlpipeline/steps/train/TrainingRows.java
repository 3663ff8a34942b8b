package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * The columns that training needs, in an order and in partitions that depend on content only, kept
 * in memory until closed.
 */
final class TrainingRows implements AutoCloseable {

  static final String LABEL = "__label";
  static final String WEIGHT = "__weight";
  static final String TIME = "__time";

  /** Parts of rows by hash of the key: one column to search by, one to stop by. */
  static final String FOLD = "__fold";

  static final String STOP = "__stop";
  static final int HASH_PARTS = 10_000;

  private static final long ROWS_A_PARTITION = 50_000;
  private static final int MOST_PARTITIONS = 64;

  private final Dataset<Row> rows;
  private final int partitions;
  private final @Nullable TrainingRows whole;

  private TrainingRows(Dataset<Row> rows, int partitions, @Nullable TrainingRows whole) {
    this.rows = rows;
    this.partitions = partitions;
    this.whole = whole;
  }

  /**
   * What rows must hold.
   *
   * @param columns the raw columns
   * @param label the label; null if nothing is predicted
   * @param weight the column of weights; empty if there is none
   * @param time the column of times; empty if there is none
   * @param key by what rows are laid out
   * @param seed salts the hash of the key
   * @param owner who trains, in a text that nobody else has
   */
  record Wanted(
      List<String> columns,
      @Nullable Column label,
      String weight,
      String time,
      List<String> key,
      long seed,
      String owner) {

    Wanted {
      Set<String> folded = new LinkedHashSet<>();
      columns = columns.stream().filter(column -> folded.add(ParamsCheck.fold(column))).toList();
      key = List.copyOf(key);
    }
  }

  static TrainingRows prepare(Dataset<Row> input, Wanted wanted) {
    wanted.key().forEach(column -> MlColumns.requireAtom(input.schema(), "key", column));
    if (!wanted.weight().isEmpty()) {
      MlColumns.requireNumber(input.schema(), "weight-column", wanted.weight());
    }
    int partitions = partitions(input);
    Dataset<Row> kept = arranged(input, wanted, partitions).persist(StorageLevel.MEMORY_AND_DISK());
    TrainingRows all = new TrainingRows(kept, partitions, null);
    try {
      if (!wanted.weight().isEmpty()) {
        all.checkWeights(wanted.weight());
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** The features as they came, {@link #LABEL}, {@link #WEIGHT} as double. */
  Dataset<Row> rows() {
    return rows;
  }

  /** Some of these rows, in the same order; they live as long as all of them. */
  TrainingRows where(Column condition) {
    return new TrainingRows(rows.where(condition), partitions, this);
  }

  @Override
  public void close() {
    if (whole == null) {
      rows.unpersist();
    }
  }

  private static Dataset<Row> arranged(Dataset<Row> input, Wanted wanted, int partitions) {
    List<Column> keys = new ArrayList<>();
    wanted.key().forEach(c -> keys.add(MlColumns.named(c).as("__key" + keys.size())));
    List<Column> used = new ArrayList<>();
    wanted.columns().forEach(column -> used.add(MlColumns.named(column)));
    if (wanted.label() != null) {
      used.add(wanted.label().as(LABEL));
    }
    used.add(
        (wanted.weight().isEmpty() ? lit(1.0) : MlColumns.number(MlColumns.named(wanted.weight())))
            .as(WEIGHT));
    if (!wanted.time().isEmpty()) {
      used.add(MlColumns.named(wanted.time()).as(TIME));
    }
    Dataset<Row> all =
        input.select(Stream.concat(keys.stream(), used.stream()).toArray(Column[]::new));
    Column[] order = Stream.of(all.columns()).map(MlColumns::named).toArray(Column[]::new);
    Column[] by =
        keys.isEmpty() ? order : Stream.of(order).limit(keys.size()).toArray(Column[]::new);
    Dataset<Row> placed = partitions == 1 ? all.repartition(1) : all.repartition(partitions, by);
    return placed
        .sortWithinPartitions(order)
        .withColumn(FOLD, part(by, "fold " + wanted.seed()))
        .withColumn(STOP, part(by, "stop " + wanted.seed()))
        .drop(IntStream.range(0, keys.size()).mapToObj(i -> "__key" + i).toArray(String[]::new))
        // Spark shares kept tables between sessions by their plan; another step must not free ours.
        .where(lit(wanted.owner()).isNotNull());
  }

  /** The hash of the key's values as texts, so that a wider type moves nobody. */
  private static Column part(Column[] key, String salt) {
    List<Column> atoms = new ArrayList<>();
    Stream.of(key).forEach(column -> atoms.add(column.cast("string")));
    atoms.add(lit(salt));
    return pmod(xxhash64(atoms.toArray(Column[]::new)), lit((long) HASH_PARTS));
  }

  /** By content alone, so that it is the same wherever this runs. */
  private static int partitions(Dataset<Row> input) {
    return (int) Math.min(MOST_PARTITIONS, 1 + input.count() / ROWS_A_PARTITION);
  }

  private void checkWeights(String column) {
    Column weight = MlColumns.named(WEIGHT);
    Column bad =
        weight.isNull().or(weight.leq(lit(0.0))).or(weight.equalTo(lit(Double.POSITIVE_INFINITY)));
    long count = rows.where(bad).count();
    if (count > 0) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "weight-column " + column + " is not above zero and finite in " + count + " rows");
    }
  }

  /**
   * Rows of a transformed {@link #rows} as the learner must see them: in one partition wherever
   * sums of fractions are built, since their last digits depend on the grouping.
   */
  Dataset<Row> forLearner(Dataset<Row> transformed, boolean wholeNumbers) {
    if (partitions == 1 || wholeNumbers) {
      return transformed;
    }
    return gathered(transformed);
  }

  /** Rows of a transformed {@link #rows} in one partition and in their order. */
  Dataset<Row> gathered(Dataset<Row> transformed) {
    if (partitions == 1) {
      return transformed;
    }
    String place = "__place";
    return transformed
        .withColumn(place, monotonically_increasing_id())
        .repartition(1)
        .sortWithinPartitions(place)
        .drop(place);
  }
}
