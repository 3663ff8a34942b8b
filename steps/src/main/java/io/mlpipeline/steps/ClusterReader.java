package io.mlpipeline.steps;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.evaluate.ClusterGeometry;
import io.mlpipeline.steps.evaluate.ClusterYardstick;
import io.mlpipeline.steps.evaluate.ModelScores;
import io.mlpipeline.steps.evaluate.Yardstick;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Clusters: there is no truth; a model says the number of a cluster and the vector that it saw.
 * Where the clusters lie is found in a first pass over the rows.
 */
final class ClusterReader implements ScoreReader {

  private final Map<String, Space> spaces = new HashMap<>();

  ClusterReader(List<EvaluatedModel> models) {
    for (EvaluatedModel model : models) {
      spaces.put(
          model.name(), new Space(new ClusterGeometry(), ClusterCenters.of(predictor(model))));
    }
  }

  /** Where a model's clusters lie on these rows, and where it thinks that they lie. */
  private record Space(ClusterGeometry geometry, ClusterCenters centers) {}

  private static Transformer predictor(EvaluatedModel model) {
    return ModelTasks.predictor(model.model())
        .filter(ModelTasks::isOfClusters)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.CONFIG_INVALID,
                    "model " + model.described() + " has no stage that finds clusters"));
  }

  @Override
  public Column truth() {
    return lit(0.0);
  }

  @Override
  public List<Column> says(EvaluatedModel model, Dataset<Row> scored) {
    Transformer predictor = predictor(model);
    Param<?> features = predictor.getParam("featuresCol");
    String vector = String.valueOf(predictor.getOrDefault(features));
    return List.of(
        ScoreReader.added(model, scored, "prediction", "gives no prediction").cast("int"),
        vector_to_array(
            ScoreReader.added(
                model, scored, vector, "does not keep its features, the column " + vector),
            "float64"));
  }

  @Override
  public int outputs() {
    return 3;
  }

  @Override
  public void prepare(ScoredColumns columns) {
    Iterator<Row> rows = columns.read();
    try {
      while (rows.hasNext()) {
        Row row = rows.next();
        for (int i = 0; i < columns.models().size(); i++) {
          Space space = space(columns.models().get(i));
          int at = columns.starts().get(i);
          space.geometry().add(row.getInt(at), point(row, at, space));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "clusters: " + e.getMessage() + "; use fewer features or clusters",
          e);
    }
  }

  private Space space(EvaluatedModel model) {
    return Objects.requireNonNull(spaces.get(model.name()));
  }

  private static double[] point(Row row, int at, Space space) {
    double[] point =
        row.<Double>getList(at + 1).stream().mapToDouble(Double::doubleValue).toArray();
    return space.centers().seen(point);
  }

  @Override
  public double truth(Row row, int at) {
    return 0;
  }

  @Override
  public void read(Row row, int at, EvaluatedModel model, double[][] to, int index) {
    Space space = space(model);
    int cluster = row.getInt(at);
    double[] point = point(row, at, space);
    to[0][index] = cluster;
    to[1][index] = space.geometry().silhouette(cluster, point);
    to[2][index] = space.centers().squaredDistance(cluster, point);
  }

  @Override
  public void check(double[] truth, int rows) {}

  @Override
  public Yardstick yardstick(List<ModelScores> scores) {
    return new ClusterYardstick();
  }
}
