package io.mlpipeline.spark.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.collection.JavaConverters;

/** Which raw columns every column is made from, through the stages of a model. */
final class RawColumns {

  private final Map<String, TreeSet<String>> made = new HashMap<>();

  RawColumns(Dataset<Row> raw) {
    for (String column : raw.columns()) {
      made.put(column, new TreeSet<>(List.of(column)));
    }
  }

  /** The raw columns behind a column; itself if nobody knows. */
  Set<String> of(String column) {
    return made.getOrDefault(column, new TreeSet<>(List.of(column)));
  }

  /** Notes what a stage made. */
  void after(Transformer stage, Dataset<Row> result) {
    if (stage instanceof SQLTransformer) {
      statement(result.queryExecution().analyzed());
      return;
    }
    List<String> inputs = named(stage, "inputCols", "inputCol", "featuresCol");
    List<String> outputs = named(stage, "outputCols", "outputCol");
    for (int i = 0; i < outputs.size(); i++) {
      boolean paired = inputs.size() == outputs.size();
      List<String> from = paired ? List.of(inputs.get(i)) : inputs;
      TreeSet<String> all = new TreeSet<>();
      from.forEach(column -> all.addAll(of(column)));
      made.put(outputs.get(i), all);
    }
  }

  private void statement(LogicalPlan plan) {
    if (!(plan instanceof Project project)) {
      return;
    }
    Map<String, TreeSet<String>> now = new HashMap<>();
    for (NamedExpression one : JavaConverters.seqAsJavaList(project.projectList())) {
      TreeSet<String> all = new TreeSet<>();
      for (Attribute read : JavaConverters.asJavaIterable(((Expression) one).references())) {
        all.addAll(of(read.name()));
      }
      now.put(one.name(), all);
    }
    made.putAll(now);
  }

  /**
   * The first of these params that says something; the plural first, for the other has a default.
   */
  private static List<String> named(Transformer stage, String... params) {
    List<String> names = new ArrayList<>();
    for (String name : params) {
      if (stage.hasParam(name)) {
        Param<Object> param = stage.getParam(name);
        if (stage.isDefined(param) && names.isEmpty()) {
          Object value = stage.getOrDefault(param);
          if (value instanceof String[] several) {
            names.addAll(Arrays.asList(several));
          } else {
            names.add(String.valueOf(value));
          }
        }
      }
    }
    return names;
  }
}
