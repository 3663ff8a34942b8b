package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Files to a table of the declared schema: CSV and JSON lines (with a schema at the output, or else
 * at the input) and Parquet (its own schema if none is declared).
 *
 * <p>Columns are found by name in every file; columns that the contract does not name are ignored.
 * A record is <em>bad</em> if its line is broken, if a value is not exactly of its type, or if a
 * value that the contract or a key asks for is absent. In CSV and JSON, an empty value is null, and
 * so is white space where the type is not a text; the metric {@code blank_values.COLUMN} counts the
 * latter. Bad records are kept aside as {@code rejected_records} with file and reason. Of rows with
 * equal keys the greatest by {@code order-by} stays, then by a hash of all values.
 *
 * <p>Metrics: {@code rows_read = rows_bad + rows_duplicate + rows_published}, always.
 * Deterministic: the order, number and split of the files do not matter. Throws {@code
 * CONTRACT_BROKEN} if a file lacks a column or more than {@code max-bad-share} of the records are
 * bad.
 */
@StepType(value = "ingest", inputs = @Port(value = "raw", files = true), outputs = @Port("rows"))
public final class Ingest implements Step<Ingest.Params> {

  /** What happens to bad records. */
  public enum BadRecords {
    /** They are counted and kept under the run, unless they are too many. */
    KEEP_ASIDE,
    /** One is enough to fail the step. */
    FAIL
  }

  /**
   * The params.
   *
   * @param badRecords what happens to bad records
   * @param maxBadShare the share of bad records, 0 to 1, above which the step fails
   * @param deduplicate whether one row of each key stays; without keys nothing happens
   * @param orderBy columns, the most important first; the greatest value stays, null is least
   */
  public record Params(
      @Default("keep-aside") BadRecords badRecords,
      @Default("0.05") double maxBadShare,
      @Default("true") boolean deduplicate,
      @Default("") List<String> orderBy) {}

  @Override
  public StepOutput run(StepContext context, Params params) {
    if (!(params.maxBadShare() >= 0 && params.maxBadShare() <= 1)) {
      throw invalid("param max-bad-share must be between 0 and 1, not " + params.maxBadShare());
    }
    RawFiles files = context.files("raw");
    RawOptions options = RawOptions.of(files.format(), files.options());
    RawReader reader = new RawReader(context.spark(), files, options, context.log());
    List<String> keys = params.deduplicate() ? keys(context) : List.of();
    List<ContractColumn> contract = contract(context, reader, files, keys, params);
    CheckedRows checked =
        new CheckedRows(
            contract, new StrictCast(options.dateFormat(), options.timestampFormat()), root(files));
    if (!options.dateFormat().isEmpty() || !options.timestampFormat().isEmpty()) {
      // Otherwise Spark throws where its parsers before and after 3.0 disagree.
      context.spark().conf().set("spark.sql.legacy.timeParserPolicy", "CORRECTED");
    }
    Dataset<Row> judged =
        reader.read(contract).stream()
            .map(checked::judge)
            .reduce(Dataset::unionByName)
            .orElseGet(() -> nothing(context, contract));
    // Read and shuffled once: the account and the table both come from these rows. A checkpoint,
    // not cache(): Spark's cache knows files by path alone and would outlive this attempt.
    Dataset<Row> numbered = checked.number(judged, keys, params.orderBy()).localCheckpoint(false);
    double allowed = params.badRecords() == BadRecords.FAIL ? 0 : params.maxBadShare();
    IngestAccount account = IngestAccount.of(numbered, contract).check(allowed);
    StepOutput output = account.addTo(StepOutput.table("rows", checked.published(numbered)));
    return account.bad() == 0
        ? output
        : output.withAside("rejected_records", CheckedRows.rejected(numbered));
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
      StepContext context, RawReader reader, RawFiles files, List<String> keys, Params params) {
    Optional<SchemaSpec> output = schema(context);
    if (output.isPresent()) {
      return ContractColumn.of(
          output.get(), context.inputSchema("raw").orElse(null), keys, params.orderBy());
    }
    if (!files.format().equals("parquet") || files.files().isEmpty()) {
      throw invalid(
          "%s files say nothing of types: name a schema at output 'rows'"
              .formatted(files.format()));
    }
    return ContractColumn.of(reader.ownSchema(), keys, params.orderBy());
  }

  private static Dataset<Row> nothing(StepContext context, List<ContractColumn> contract) {
    StructType schema = new StructType();
    for (int i = 0; i < contract.size(); i++) {
      schema = schema.add("t" + i, contract.get(i).type());
    }
    for (String text : List.of("_reason", "_file", "_record")) {
      schema = schema.add(text, DataTypes.StringType);
    }
    schema = schema.add("_blank", DataTypes.createArrayType(DataTypes.StringType));
    return context.spark().createDataFrame(List.<Row>of(), schema);
  }

  /** What the files' absolute paths begin with; empty if that cannot be told. */
  private static String root(RawFiles files) {
    if (files.files().isEmpty()) {
      return "";
    }
    String name = files.files().get(0).name();
    String path = new Path(files.files().get(0).path()).toString();
    return path.endsWith(name) ? path.substring(0, path.length() - name.length()) : "";
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
