package io.mlpipeline.steps.train;

import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The raw columns that features are made of. */
final class FeatureColumns {

  private FeatureColumns() {}

  /** Refuses columns that are not there or of a type that cannot be used so. */
  static void check(StructType schema, FeatureParams params) {
    params.numeric().forEach(column -> MlColumns.requireNumber(schema, "numeric", column));
    params.categorical().forEach(column -> MlColumns.requireAtom(schema, "categorical", column));
    params.hashed().forEach(column -> MlColumns.requireAtom(schema, "hashed", column));
    params.text().forEach(column -> MlColumns.requireAtom(schema, "text", column));
    params.dates().forEach(column -> MlColumns.requireTime(schema, "dates", column));
  }

  /** By name, in the order of the vector. */
  static List<String> raw(FeatureParams params) {
    return Stream.of(
            params.numeric(), params.categorical(), params.hashed(), params.text(), params.dates())
        .flatMap(List::stream)
        .toList();
  }

  /** With their types, for a signature. */
  static List<ModelSignature.Field> fields(StructType schema, FeatureParams params) {
    return raw(params).stream()
        .map(column -> field(MlColumns.find(schema, "features", column)))
        .toList();
  }

  /** The columns that scoring adds; those of the preparation are nobody's business. */
  static List<ModelSignature.Field> made(
      PipelineModel model, StructType schema, FeatureParams params) {
    List<StructField> raw = new ArrayList<>();
    raw(params).forEach(column -> raw.add(MlColumns.find(schema, "features", column)));
    StructType before = new StructType(raw.toArray(StructField[]::new));
    return Arrays.stream(model.transformSchema(before).fields())
        .filter(field -> !field.name().startsWith("__"))
        .filter(field -> !Arrays.asList(before.fieldNames()).contains(field.name()))
        .map(FeatureColumns::field)
        .toList();
  }

  static ModelSignature.Field field(StructField field) {
    return new ModelSignature.Field(field.name(), field.dataType().simpleString());
  }
}
