package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.spark.gate.Baseline;
import io.mlpipeline.spark.table.TableReader;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds what the names of baselines mean in one attempt. Reads logs; rows only if asked for. */
final class Baselines {

  private static final Pattern VERSION = Pattern.compile("v(\\d{1,9})");
  private static final Pattern OTHER = Pattern.compile("(.+)@v(\\d{1,9})");
  private static final String PREVIOUS = "previous";
  private static final String MODEL = "model:";

  /** Versions of one content follow each other only where tables are restored or optimized. */
  private static final int MOST_BACK = 50;

  private final SparkSession spark;
  private final AttemptCall call;
  private final AttemptContext context;
  private final TableLog tables;
  private final Records records;
  private final long newest;

  Baselines(
      SparkSession spark,
      AttemptCall call,
      AttemptContext context,
      TableLog tables,
      Records records) {
    this(spark, call, context, tables, records, Long.MAX_VALUE);
  }

  /**
   * With a limit to what is previous.
   *
   * @param newest the newest version that was there when the judged rows were made
   */
  Baselines(
      SparkSession spark,
      AttemptCall call,
      AttemptContext context,
      TableLog tables,
      Records records,
      long newest) {
    this.spark = spark;
    this.call = call;
    this.context = context;
    this.tables = tables;
    this.records = records;
    this.newest = newest;
  }

  /**
   * The baseline of a name.
   *
   * @param dataset the judged dataset
   * @param judged the identity of the judged content
   * @param past what was measured of the dataset, newest first
   */
  Optional<Baseline> find(
      String name, String dataset, String judged, Supplier<List<Measurement>> past) {
    if (PREVIOUS.equals(name)) {
      return input(dataset).isPresent()
          ? measured(dataset, judged, past.get())
          : previous(dataset, judged);
    }
    Matcher version = VERSION.matcher(name);
    if (version.matches()) {
      return Optional.of(named(dataset, Long.parseLong(version.group(1))));
    }
    Matcher other = OTHER.matcher(name);
    if (other.matches()) {
      return Optional.of(named(other.group(1), Long.parseLong(other.group(2))));
    }
    return name.startsWith(MODEL)
        ? trained(name.substring(MODEL.length()))
        : Optional.of(reference(name));
  }

  private Optional<PinnedInput> input(String dataset) {
    return call.inputs().stream().filter(input -> input.dataset().equals(dataset)).findFirst();
  }

  /** The newest version of other content: to judge a published version again is no news. */
  private Optional<Baseline> previous(String dataset, String judged) {
    String uri = uri(dataset);
    OptionalLong head = tables.findHead(uri);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    long first = Math.min(newest, head.getAsLong());
    long last = Math.max(0, first - MOST_BACK);
    for (long version = first; version >= last; version--) {
      String content = content(uri, version);
      if (!content.equals(judged)) {
        return Optional.of(baseline(dataset, uri, version, content));
      }
    }
    return Optional.empty();
  }

  /** An input has no versions of ours: what is kept of it is its profile. */
  private Optional<Baseline> measured(String dataset, String judged, List<Measurement> past) {
    return past.stream()
        .filter(one -> !one.content().equals(judged))
        .findFirst()
        .map(
            one -> {
              String words = dataset + " of run " + one.run();
              return new Baseline(
                  words,
                  one.content(),
                  () -> {
                    throw gone(words + " was not profiled for this column, and is not kept");
                  });
            });
  }

  private Baseline named(String dataset, long version) {
    String uri = uri(dataset);
    return baseline(dataset, uri, version, content(uri, version));
  }

  private Baseline baseline(String dataset, String uri, long version, String content) {
    return new Baseline(
        "version " + version + " of " + dataset, content, () -> rows(dataset, uri, version));
  }

  private Baseline reference(String dataset) {
    PinnedInput input =
        input(dataset)
            .orElseThrow(
                () -> {
                  String near = Suggestions.nearest(dataset, List.of(PREVIOUS));
                  return gone(
                      "step "
                          + call.step().name()
                          + " reads no dataset "
                          + dataset
                          + (near == null
                              ? ": add it to the gate's references, or name a version"
                              : ": did you mean \"" + near + "\"?"));
                });
    return new Baseline(dataset, input.identity(), () -> context.input(input.port()));
  }

  /** Of a registered model what the registry says; of one without a version what lineage says. */
  private Optional<Baseline> trained(String model) {
    Optional<ModelReference> registered =
        ModelReference.find(model).filter(one -> one.stage() != null || one.version() != null);
    if (registered.isPresent()) {
      return RegisteredTraining.find(records.registry(), registered.get())
          .map(found -> trained(found.name(), found.rows()));
    }
    return TrainingInput.find(records.ledger(), call.pipeline(), model)
        .map(input -> trained(model, input));
  }

  private Baseline trained(String model, LineageInput input) {
    String words =
        "version " + input.version() + " of " + input.name() + ", the training data of " + model;
    return new Baseline(
        words, input.identity(), () -> rows(input.name(), input.uri(), input.version()));
  }

  /** A table's rows at a version; {@code INPUT_GONE} if they cannot be read any more. */
  Dataset<Row> rows(String dataset, String uri, long version) {
    TableLog.Snapshot snapshot =
        tables
            .findReadable(uri, version)
            .orElseThrow(
                () ->
                    gone(
                        "version "
                            + version
                            + " of "
                            + dataset
                            + " cannot be read (any more): name another baseline"));
    return TableReader.read(spark, snapshot);
  }

  /** The identity of a version; of one that we did not write, where it is. */
  private String content(String uri, long version) {
    return tables.findContent(uri, version).orElseGet(() -> uri + "@v" + version);
  }

  private String uri(String dataset) {
    PinnedSource source = input(dataset).map(PinnedInput::source).orElse(null);
    if (source != null) {
      return source.uri();
    }
    return input(dataset)
        .map(input -> Objects.requireNonNull(input.output()).uri())
        .orElseGet(() -> dataset.contains("/") ? dataset : call.pipeline() + "/" + dataset);
  }

  private static EngineException gone(String message) {
    return new EngineException(ErrorType.INPUT_GONE, message);
  }
}
