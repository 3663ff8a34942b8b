package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_csv;
import static org.apache.spark.sql.functions.to_json;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.steps.RawRows.RawColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;

/** Reads files with as little interpretation as the format allows: texts are texts. */
final class RawReader {

  private static final String BROKEN = "_mlp_broken";

  private final SparkSession spark;
  private final RawFiles files;
  private final RawOptions options;
  private final Logger log;

  RawReader(SparkSession spark, RawFiles files, RawOptions options, Logger log) {
    this.spark = spark;
    this.files = files;
    this.options = options;
    this.log = log;
  }

  /** The rows of all files, in groups of files that look alike; none if there are no rows. */
  List<RawRows> read(List<ContractColumn> contract) {
    return switch (files.format()) {
      case "csv" -> csv(contract);
      case "json" -> files.files().isEmpty() ? List.of() : List.of(json(contract));
      default -> files.files().isEmpty() ? List.of() : List.of(parquet(contract));
    };
  }

  /** The schema that the files themselves have; they are Parquet. */
  StructType ownSchema() {
    return reader(Map.of()).parquet(files.paths()).schema();
  }

  private List<RawRows> csv(List<ContractColumn> contract) {
    if (!options.header()) {
      List<String> names = contract.stream().map(ContractColumn::name).toList();
      return files.files().isEmpty() ? List.of() : List.of(csv(contract, names, files.files()));
    }
    List<RawRows> groups = new ArrayList<>();
    CsvHeaders.group(files.files(), options, spark.sparkContext().hadoopConfiguration())
        .forEach((header, members) -> groups.add(csv(contract, header, members)));
    return groups;
  }

  private RawRows csv(
      List<ContractColumn> contract, List<String> header, List<PinnedFile> members) {
    List<RawColumn> columns = new ArrayList<>();
    for (ContractColumn wanted : contract) {
      int at = position(wanted.name(), header, members.get(0));
      columns.add(new RawColumn("c" + at, DataTypes.StringType));
    }
    List<String> ignored = new ArrayList<>(header);
    ignored.removeIf(h -> contract.stream().anyMatch(c -> c.name().equalsIgnoreCase(h)));
    if (!ignored.isEmpty()) {
      log.info("{}: columns that the contract does not name: {}", members.get(0).name(), ignored);
    }
    List<StructField> fields = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      fields.add(field("c" + i, DataTypes.StringType));
    }
    Column[] all = fields.stream().map(f -> col(f.name())).toArray(Column[]::new);
    fields.add(field(BROKEN, DataTypes.StringType));
    Dataset<Row> rows =
        reader(options.forSpark())
            .option("columnNameOfCorruptRecord", BROKEN)
            .schema(new StructType(fields.toArray(StructField[]::new)))
            .csv(members.stream().map(PinnedFile::path).toArray(String[]::new));
    Column line =
        to_csv(struct(all), Map.of("sep", options.delimiter(), "quote", "\"", "escape", "\""));
    return new RawRows(
        withFile(rows),
        columns,
        col(BROKEN),
        "the line does not have " + header.size() + " fields like its header",
        coalesce(col(BROKEN), line));
  }

  private static int position(String name, List<String> header, PinnedFile file) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i).equalsIgnoreCase(name)) {
        found.add(i);
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    int exact = header.indexOf(name);
    if (exact >= 0 && exact == header.lastIndexOf(name)) {
      return exact;
    }
    String what =
        found.isEmpty()
            ? "has no column '" + name + "'" + Suggestions.didYouMean(name, header)
            : "has the column '" + name + "' " + found.size() + " times";
    throw new EngineException(
        ErrorType.CONTRACT_BROKEN,
        "file %s %s (its header is the first line; header: false reads by position)"
            .formatted(file.name(), what));
  }

  private RawRows json(List<ContractColumn> contract) {
    List<StructField> fields = new ArrayList<>();
    for (ContractColumn column : contract) {
      // Scalars as texts, so that JSON and CSV are held to the same rules.
      boolean nested =
          column.raw() instanceof StructType
              || column.raw() instanceof ArrayType
              || column.raw() instanceof MapType;
      fields.add(field(column.name(), nested ? column.raw() : DataTypes.StringType));
    }
    List<StructField> read = new ArrayList<>(fields);
    read.add(field(BROKEN, DataTypes.StringType));
    Dataset<Row> rows =
        reader(options.forSpark())
            .option("columnNameOfCorruptRecord", BROKEN)
            .schema(new StructType(read.toArray(StructField[]::new)))
            .json(files.paths());
    return renamed(rows, fields, col(BROKEN), "the line is no JSON object with these types");
  }

  private RawRows parquet(List<ContractColumn> contract) {
    Dataset<Row> rows = reader(Map.of("mergeSchema", "true")).parquet(files.paths());
    List<StructField> fields = new ArrayList<>();
    for (ContractColumn column : contract) {
      Optional<StructField> found =
          Arrays.stream(rows.schema().fields())
              .filter(f -> f.name().equalsIgnoreCase(column.name()))
              .findFirst();
      if (found.isEmpty()) {
        throw new EngineException(
            ErrorType.CONTRACT_BROKEN,
            "no file of the input has a column '%s'%s"
                .formatted(
                    column.name(),
                    Suggestions.didYouMean(
                        column.name(), Arrays.asList(rows.schema().fieldNames()))));
      }
      fields.add(found.get());
    }
    return renamed(rows, fields, lit(null).cast(DataTypes.StringType), "");
  }

  /** Gives the columns names that need no quotes; the record keeps the true ones. */
  private static RawRows renamed(
      Dataset<Row> rows, List<StructField> fields, Column broken, String reason) {
    List<Column> selected = new ArrayList<>();
    List<RawColumn> columns = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      StructField field = fields.get(i);
      selected.add(quoted(field.name()).as("c" + i));
      columns.add(new RawColumn("c" + i, field.dataType()));
    }
    selected.add(broken.as(BROKEN));
    selected.add(col("_metadata.file_path").as("_file"));
    Column[] texts = new Column[fields.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = col("c" + i).as(fields.get(i).name());
    }
    Column record = coalesce(col(BROKEN), to_json(struct(texts)));
    return new RawRows(
        rows.select(selected.toArray(Column[]::new)), columns, col(BROKEN), reason, record);
  }

  private static Dataset<Row> withFile(Dataset<Row> rows) {
    return rows.select(col("*"), col("_metadata.file_path").as("_file"));
  }

  private DataFrameReader reader(Map<String, String> readerOptions) {
    // The paths are files, not patterns: a bracket in a name is a bracket.
    return spark.read().options(readerOptions).option("__globPaths__", "false");
  }

  private static StructField field(String name, DataType type) {
    return new StructField(name, type, true, Metadata.empty());
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
