package io.mlpipeline.steps;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * One column of what is published.
 *
 * @param name its name
 * @param raw its type by the contract of the files
 * @param type its type by the contract of the output
 * @param nullable whether both contracts and the keys allow null
 */
record ContractColumn(String name, DataType raw, DataType type, boolean nullable) {

  /** The output's columns; types in the files are the raw contract's, where there is one. */
  static List<ContractColumn> of(
      SchemaSpec output, @Nullable SchemaSpec raw, List<String> keys, List<String> orderBy) {
    List<String> names = output.columns().stream().map(ColumnSpec::name).toList();
    checkNames("key", keys, names);
    checkNames("order-by", orderBy, names);
    List<ContractColumn> columns = new ArrayList<>();
    for (ColumnSpec column : output.columns()) {
      ColumnSpec source = raw == null ? column : find(raw, column, output);
      boolean key = keys.stream().anyMatch(column.name()::equalsIgnoreCase);
      columns.add(
          new ContractColumn(
              column.name(),
              type(source),
              type(column),
              column.nullable() && source.nullable() && !key));
    }
    return columns;
  }

  /** The columns of files that bring their own schema. */
  static List<ContractColumn> of(StructType schema, List<String> keys, List<String> orderBy) {
    List<String> names = Arrays.asList(schema.fieldNames());
    checkNames("key", keys, names);
    checkNames("order-by", orderBy, names);
    return Arrays.stream(schema.fields())
        .map(
            f ->
                new ContractColumn(
                    f.name(),
                    f.dataType(),
                    f.dataType(),
                    keys.stream().noneMatch(f.name()::equalsIgnoreCase)))
        .toList();
  }

  private static ColumnSpec find(SchemaSpec raw, ColumnSpec wanted, SchemaSpec output) {
    return raw.columns().stream()
        .filter(c -> c.name().equalsIgnoreCase(wanted.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.CONFIG_INVALID,
                    "schema %s asks for column '%s', which schema %s of the files does not have%s"
                        .formatted(
                            output.name(),
                            wanted.name(),
                            raw.name(),
                            Suggestions.didYouMean(
                                wanted.name(),
                                raw.columns().stream().map(ColumnSpec::name).toList()))));
  }

  private static void checkNames(String what, List<String> names, List<String> known) {
    for (String name : names) {
      if (known.stream().noneMatch(name::equalsIgnoreCase)) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID,
            "%s column '%s' is no column of output 'rows'%s"
                .formatted(what, name, Suggestions.didYouMean(name, known)));
      }
    }
  }

  private static DataType type(ColumnSpec column) {
    try {
      return DataType.fromDDL(column.type());
    } catch (Exception e) { // ParseException, which Scala does not declare
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "column '" + column.name() + "': '" + column.type() + "' is no Spark SQL type",
          e);
    }
  }
}
