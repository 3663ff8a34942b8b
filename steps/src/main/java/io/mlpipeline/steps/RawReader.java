package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_csv;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.steps.RawRows.RawColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Reads files with as little interpretation as the format allows: texts are texts. */
final class RawReader {

  private static final String BROKEN = "_mlp_broken";
  private static final int MOST_SLICES = 1000;

  private final SparkSession spark;
  private final RawFiles files;
  private final RawOptions options;

  RawReader(SparkSession spark, RawFiles files, RawOptions options) {
    this.spark = spark;
    this.files = files;
    this.options = options;
  }

  /** The rows of all files, in groups of files that look alike; none if there are no rows. */
  List<RawRows> read(Agreement agreement) {
    if (files.files().isEmpty()) {
      return List.of();
    }
    return switch (files.format()) {
      case "csv" -> csv(agreement);
      case "json" -> List.of(json(agreement));
      default -> alike().stream().map(members -> typed(agreement, members)).toList();
    };
  }

  /** The schema that the first of the files has; text files have none. */
  StructType ownSchema() {
    boolean silent = files.format().equals("csv") || files.format().equals("json");
    if (silent || files.files().isEmpty()) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "%s files say nothing of types: name a schema at output 'rows'"
              .formatted(silent ? files.format() : "no"));
    }
    return load(files.files().subList(0, 1)).schema();
  }

  /** Rows that have columns and types already, of a table or a database. */
  static RawRows ofTable(Dataset<Row> rows, Agreement agreement) {
    return named(rows, agreement, "the input", 1, lit(null).cast(DataTypes.LongType));
  }

  private List<RawRows> csv(Agreement agreement) {
    if (!options.header()) {
      return List.of(csv(agreement, agreement.positions(), files.files()));
    }
    List<RawRows> groups = new ArrayList<>();
    CsvHeaders.group(files.files(), options, hadoop())
        .forEach((header, members) -> groups.add(csv(agreement, header, members)));
    return groups;
  }

  private RawRows csv(Agreement agreement, List<String> header, List<PinnedFile> members) {
    List<Integer> places =
        agreement.places(header, "file " + members.get(0).name(), members.size());
    List<StructField> fields = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      fields.add(field("c" + i, DataTypes.StringType));
    }
    Column[] all = fields.stream().map(f -> col(f.name())).toArray(Column[]::new);
    fields.add(field(BROKEN, DataTypes.StringType));
    List<Column> selected = new ArrayList<>(Arrays.asList(all));
    if (options.multiLine() || options.isWide()) {
      selected.set(all.length - 1, withoutReturn("c" + (all.length - 1)));
    }
    selected.addAll(List.of(col(BROKEN), SourceFiles.number()));
    List<RawColumn> columns = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      columns.add(column(i, places.get(i), DataTypes.StringType, agreement, selected));
    }
    Dataset<Row> rows =
        reader(options.forSpark())
            .option("columnNameOfCorruptRecord", BROKEN)
            .schema(new StructType(fields.toArray(StructField[]::new)))
            .csv(paths(members))
            .select(selected.toArray(Column[]::new));
    Column line =
        to_csv(struct(all), Map.of("sep", options.delimiter(), "quote", "\"", "escape", "\""));
    return new RawRows(
        rows,
        columns,
        col(BROKEN),
        "the line does not have %d fields like %s"
            .formatted(header.size(), options.header() ? "its header" : "the contract"),
        coalesce(col(BROKEN), line));
  }

  /** The parser takes the first line end that it sees, perhaps one in a value, for all of them. */
  private static Column withoutReturn(String name) {
    Column text = regexp_replace(col(name), "\\r$", "");
    return when(col(name).endsWith("\r"), when(text.notEqual(""), text))
        .otherwise(col(name))
        .as(name);
  }

  /** The column that was found at a place, or one of nulls. */
  private static RawColumn column(
      int index, int place, DataType type, Agreement agreement, List<Column> selected) {
    if (place >= 0) {
      return new RawColumn("c" + place, type);
    }
    DataType wanted = agreement.columns().get(index).raw();
    selected.add(lit(null).cast(wanted).as("absent" + index));
    return new RawColumn("absent" + index, wanted);
  }

  private RawRows json(Agreement agreement) {
    List<StructField> fields = new ArrayList<>();
    for (ContractColumn column : agreement.columns()) {
      // Scalars as texts, so that JSON and CSV are held to the same rules.
      fields.add(
          field(column.name(), isNested(column.raw()) ? column.raw() : DataTypes.StringType));
    }
    List<StructField> read = new ArrayList<>(fields);
    read.add(field(BROKEN, DataTypes.StringType));
    StructType schema = new StructType(read.toArray(StructField[]::new));
    Dataset<Row> rows =
        options.multiLine() || options.isWide()
            ? documents(agreement, schema)
            : lines(agreement, schema);
    return renamed(rows, fields, "this is no JSON object with these types");
  }

  private Dataset<Row> lines(Agreement agreement, StructType schema) {
    DataFrameReader reader = reader(options.forSpark()).option("columnNameOfCorruptRecord", BROKEN);
    if (!options.charset().name().equals("UTF-8")) {
      reader = reader.option("lineSep", "\n");
    }
    if (agreement.asksForNewColumns()) {
      agree(agreement, reader.option("primitivesAsString", "true").json(files.paths()).schema());
    }
    return reader.schema(schema).json(files.paths()).select(col("*"), SourceFiles.number());
  }

  private Dataset<Row> documents(Agreement agreement, StructType schema) {
    List<String> uris = files.files().stream().map(SourceFiles::uri).toList();
    StructType cut =
        new StructType()
            .add("path", DataTypes.StringType)
            .add("record", DataTypes.StringType)
            .add("odd", DataTypes.StringType);
    JsonDocuments documents =
        new JsonDocuments(new SerializableConfiguration(hadoop()), options.charset().name());
    Dataset<Row> records =
        spark.createDataFrame(
            new JavaSparkContext(spark.sparkContext())
                .parallelize(uris, Math.min(uris.size(), MOST_SLICES))
                .flatMap(documents),
            cut);
    if (agreement.asksForNewColumns()) {
      Dataset<String> texts =
          records.filter(col("record").isNotNull()).select("record").as(Encoders.STRING());
      DataFrameReader inferring = reader(Map.of("primitivesAsString", "true"));
      agree(agreement, inferring.option("columnNameOfCorruptRecord", BROKEN).json(texts).schema());
    }
    Map<String, String> parsing = Map.of("columnNameOfCorruptRecord", BROKEN, "mode", "PERMISSIVE");
    List<Column> selected = new ArrayList<>();
    for (StructField field : schema.fields()) {
      Column value = col("parsed").getField(field.name());
      selected.add(
          field.name().equals(BROKEN)
              ? coalesce(col("odd"), value).as(BROKEN)
              : value.as(field.name()));
    }
    selected.add(SourceFiles.number(col("path")));
    return records
        .select(col("*"), from_json(col("record"), schema, parsing).as("parsed"))
        .select(selected.toArray(Column[]::new));
  }

  /** One object of many may lack a field; what no file has is said once. */
  private void agree(Agreement agreement, StructType found) {
    List<String> names = new ArrayList<>(List.of(found.fieldNames()));
    names.remove(BROKEN);
    if (!names.isEmpty()) {
      agreement.places(names, "the input", files.files().size());
    }
  }

  private RawRows typed(Agreement agreement, List<PinnedFile> members) {
    Dataset<Row> rows = load(members);
    String where = "file " + members.get(0).name();
    return named(rows, agreement, where, members.size(), SourceFiles.number());
  }

  private List<List<PinnedFile>> alike() {
    Configuration hadoop = hadoop();
    return OwnSchemas.group(
        files.files(),
        file ->
            files.format().equals("parquet")
                ? OwnSchemas.ofParquet(file, hadoop)
                : load(List.of(file)).schema().json());
  }

  private Dataset<Row> load(List<PinnedFile> members) {
    return reader(Map.of()).format(files.format()).load(paths(members));
  }

  private static RawRows named(
      Dataset<Row> rows, Agreement agreement, String where, int files, Column file) {
    StructField[] found = rows.schema().fields();
    List<Integer> places =
        agreement.places(Arrays.stream(found).map(StructField::name).toList(), where, files);
    List<Column> selected = new ArrayList<>();
    List<RawColumn> columns = new ArrayList<>();
    List<Column> texts = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      DataType type = place < 0 ? agreement.columns().get(i).raw() : plain(found[place].dataType());
      selected.add(
          (place < 0 ? lit(null).cast(type) : quoted(found[place].name()).cast(type)).as("c" + i));
      columns.add(new RawColumn("c" + i, type));
      texts.add(col("c" + i).as(agreement.columns().get(i).name()));
    }
    selected.add(file.as(SourceFiles.COLUMN));
    Column record = to_json(struct(texts.toArray(Column[]::new)));
    return new RawRows(
        rows.select(selected.toArray(Column[]::new)),
        columns,
        lit(null).cast(DataTypes.StringType),
        "",
        record);
  }

  /** Texts of a fixed length are texts. */
  private static DataType plain(DataType type) {
    boolean text = type.typeName().startsWith("char") || type.typeName().startsWith("varchar");
    return text ? DataTypes.StringType : type;
  }

  /** Gives the columns names that need no quotes; the record keeps the true ones. */
  private static RawRows renamed(Dataset<Row> rows, List<StructField> fields, String reason) {
    List<Column> selected = new ArrayList<>();
    List<RawColumn> columns = new ArrayList<>();
    Column[] texts = new Column[fields.size()];
    for (int i = 0; i < fields.size(); i++) {
      StructField field = fields.get(i);
      selected.add(quoted(field.name()).as("c" + i));
      columns.add(new RawColumn("c" + i, field.dataType()));
      texts[i] = col("c" + i).as(field.name());
    }
    selected.add(col(BROKEN));
    selected.add(col(SourceFiles.COLUMN));
    Column record = coalesce(col(BROKEN), to_json(struct(texts)));
    return new RawRows(
        rows.select(selected.toArray(Column[]::new)), columns, col(BROKEN), reason, record);
  }

  private DataFrameReader reader(Map<String, String> readerOptions) {
    // The paths are files, not patterns: a bracket in a name is a bracket.
    return spark.read().options(readerOptions).option("__globPaths__", "false");
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  private static String[] paths(List<PinnedFile> members) {
    return members.stream().map(PinnedFile::path).toArray(String[]::new);
  }

  static boolean isNested(DataType type) {
    return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
  }

  private static StructField field(String name, DataType type) {
    return new StructField(name, type, true, Metadata.empty());
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
