package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Freshness;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.step.RowSample;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Data as it comes to a table of the declared schema: CSV and JSON (with a schema at the output, or
 * else at the input), Parquet, ORC and Avro (their own schema if none is declared), and rows of a
 * table or a database.
 *
 * <p>Columns are found by name in every file. One that a file lacks is null if the contract allows
 * it; one that the contract does not name is refused, or left out, as the contract says. A record
 * is <em>bad</em> if it cannot be made out, if a value is not exactly of its type, or if a value
 * that the contract or a key asks for is absent. In texts, an empty value is null, and so is white
 * space where the type is not a text. Bad records go to the quarantine of the output, and its gate
 * says how many may. Of rows with equal keys the first by {@code order-by} stays, then by a hash of
 * all values.
 *
 * <p>Metrics: {@code rows_read = rows_bad + rows_duplicate + rows_published}, always; {@code
 * blank_values.COLUMN}, {@code coerced_values.COLUMN} (whole numbers written as 1.0), {@code
 * files_without.COLUMN}, {@code new_columns.COLUMN}. Deterministic: the order, number and split of
 * the files do not matter.
 */
@StepType(value = "ingest", inputs = @Port(value = "raw", files = true), outputs = @Port("rows"))
public final class Ingest implements Step<Ingest.Params> {

  /** Which rows are one. */
  public enum Deduplicate {
    /** Those with equal keys, where the contract or the output names keys. */
    BY_KEY,
    /** Those that are equal in every column. */
    EXACT,
    /** None. */
    OFF
  }

  /**
   * The params.
   *
   * @param deduplicate which rows are one; one of them stays
   * @param orderBy columns, the most important first, each with {@code desc} (the greatest stays)
   *     or {@code asc} behind it; a row without a value gives way
   * @param nullValues texts that stand for null, such as NA
   * @param formats patterns by column of dates and timestamps; the first that fits counts
   * @param numbers how numbers are written: {@code thousands} and {@code decimal} signs, and
   *     whether a {@code currency} sign may stand beside them
   */
  public record Params(
      @Default("by-key") Deduplicate deduplicate,
      @Default("") List<String> orderBy,
      @Default("") List<String> nullValues,
      @Default("") Map<String, List<String>> formats,
      @Default("") Map<String, String> numbers) {

    /** Everything as the defaults say. */
    static final Params NONE =
        new Params(Deduplicate.BY_KEY, List.of(), List.of(), Map.of(), Map.of());
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    RawFiles files = context.findFiles("raw").orElse(null);
    RawOptions options =
        files == null ? RawOptions.NONE : RawOptions.of(files.format(), files.options());
    RawReader reader = files == null ? null : new RawReader(context.spark(), files, options);
    RowOrder order = RowOrder.of(params, keys(context));
    List<ContractColumn> contract = contract(context, reader, order);
    ValueRules values = ValueRules.of(params, options, contract);
    if (values.hasFormats()) {
      // Otherwise Spark throws where its parsers before and after 3.0 disagree.
      context.spark().conf().set("spark.sql.legacy.timeParserPolicy", "CORRECTED");
    }
    SchemaSpec declared = context.inputSchema("raw").or(() -> schema(context)).orElse(null);
    Agreement agreement = new Agreement(contract, declared, context.log());
    CheckedRows checked = new CheckedRows(contract, values);
    Dataset<Row> judged =
        read(context, reader, agreement).stream()
            .map(checked::judge)
            .map(rows -> sampled(context, checked, rows))
            .reduce(Dataset::unionByName)
            .orElseGet(() -> context.spark().createDataFrame(List.<Row>of(), checked.schema()));
    // Read and shuffled once: the account and the table both come from these rows. A checkpoint,
    // not cache(): Spark's cache knows files by path alone and would outlive this attempt.
    Dataset<Row> numbered = checked.number(judged, order).localCheckpoint(false);
    Freshness freshness = files == null ? null : context.freshness("raw").orElse(null);
    IngestAccount account = account(context, files, numbered, dated(freshness, contract, checked));
    if (freshness != null) {
      freshness.check(account.newest());
    }
    List<PinnedFile> pinned = files == null ? List.of() : files.files();
    SourceFiles names = new SourceFiles(context.spark(), pinned);
    StepOutput output = StepOutput.table("rows", checked.published(numbered, names));
    for (Map.Entry<String, Double> metric : agreement.metrics().entrySet()) {
      output = output.withMetric(metric.getKey(), metric.getValue());
    }
    output = account.addTo(output);
    warn(account, context);
    return account.bad() == 0
        ? output
        : output.withQuarantined("rows", checked.quarantined(numbered, names));
  }

  /** Texts with signs that nobody wrote can only be put right at the source, or by its encoding. */
  private static void warn(IngestAccount account, StepContext context) {
    String columns =
        account.notes().keySet().stream()
            .filter(note -> note.startsWith(CheckedRows.UNDECODED))
            .map(note -> note.substring(CheckedRows.UNDECODED.length()))
            .collect(Collectors.joining(", "));
    if (!columns.isEmpty()) {
      context
          .log()
          .warn(
              "texts of {} ({}) hold U+FFFD, which stands for bytes that could not be decoded: is"
                  + " the input's option `encoding` right?",
              context.output("rows").map(OutputSpec::name).orElse("rows"),
              columns);
    }
  }

  private static IngestAccount account(
      StepContext context,
      @Nullable RawFiles files,
      Dataset<Row> numbered,
      @Nullable Column dated) {
    try {
      return IngestAccount.of(numbered, dated);
    } catch (Exception e) { // SparkException too, which Scala does not declare
      Optional<EngineException> damaged =
          files == null
              ? Optional.empty()
              : DamagedFiles.find(
                  files.files(), context.spark().sparkContext().hadoopConfiguration(), e);
      if (damaged.isPresent()) {
        throw damaged.get();
      }
      throw e;
    }
  }

  /** Of rows of a table the sample was taken already. */
  private static Dataset<Row> sampled(
      StepContext context, CheckedRows checked, Dataset<Row> judged) {
    RowSample sample =
        context.findFiles("raw").isEmpty() ? null : context.sample("raw").orElse(null);
    return sample == null ? judged : judged.filter(checked.isIn(sample, judged.schema()));
  }

  private static List<RawRows> read(
      StepContext context, @Nullable RawReader reader, Agreement agreement) {
    return reader == null
        ? List.of(RawReader.ofTable(context.input("raw"), agreement))
        : reader.read(agreement);
  }

  private static @Nullable Column dated(
      @Nullable Freshness freshness, List<ContractColumn> contract, CheckedRows checked) {
    if (freshness == null) {
      return null;
    }
    List<String> dated =
        contract.stream()
            .filter(c -> StrictCast.hasFormat(c.type()))
            .map(ContractColumn::name)
            .toList();
    if (dated.stream().noneMatch(freshness.column()::equalsIgnoreCase)) {
      throw invalid(
          "max-age-column '%s' of %s is no date or timestamp of output 'rows'%s"
              .formatted(
                  freshness.column(),
                  freshness.input(),
                  Suggestions.didYouMean(freshness.column(), dated)));
    }
    return checked.result(freshness.column());
  }

  private static List<String> keys(StepContext context) {
    List<String> written = context.output("rows").map(OutputSpec::keys).orElse(List.of());
    return written.isEmpty() ? schema(context).map(SchemaSpec::keys).orElse(List.of()) : written;
  }

  private static Optional<SchemaSpec> schema(StepContext context) {
    Optional<SchemaSpec> declared = context.output("rows").map(OutputSpec::schema);
    return declared.isPresent() ? declared : context.inputSchema("raw");
  }

  private static List<ContractColumn> contract(
      StepContext context, @Nullable RawReader reader, RowOrder order) {
    Optional<SchemaSpec> output = schema(context);
    if (output.isPresent()) {
      return ContractColumn.of(
          output.get(), context.inputSchema("raw").orElse(null), order.keys(), order.columns());
    }
    StructType own = reader == null ? context.input("raw").schema() : reader.ownSchema();
    return ContractColumn.of(own, order.keys(), order.columns());
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
