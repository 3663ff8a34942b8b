package io.mlpipeline.rehearse;

import io.mlpipeline.ModelPins;
import io.mlpipeline.Planning;
import io.mlpipeline.SampleMarkers;
import io.mlpipeline.Warehouse;
import io.mlpipeline.Wiring;
import io.mlpipeline.delta.FileSourcePins;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.SampleMarker;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.plan.Excerpt;
import io.mlpipeline.plan.GraphCheck;
import io.mlpipeline.plan.SampleKeys;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes of a pipeline one that runs on a sample: the same steps over some of the rows of what comes
 * from outside, in a warehouse beside the real one. The real one is read and never written.
 *
 * <p>The same request gives the same rows wherever it runs. What a selection leaves out above is
 * read as it was published, sampled like everything else. No sink and no tracking server hears of
 * it.
 */
public final class Samples {

  private final Planning real;
  private final BigDecimal share;
  private final Warehouse target;
  private final Map<String, PinnedSource> pins = new LinkedHashMap<>();
  private final List<InputSpec> inputs = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Samples(Planning real, BigDecimal share) {
    this.real = real;
    this.share = share;
    this.target = Warehouse.open(location(real.warehouse().uri(), share), Path.of(""));
  }

  /**
   * A pipeline that is ready to run on a sample.
   *
   * @param planning what runs
   * @param request what of it
   * @param notes what is different from a real run, in sentences
   * @param marker what its warehouse is marked with
   * @param real the warehouse that it stands beside
   */
  public record Prepared(
      Planning planning,
      RunRequest request,
      List<String> notes,
      SampleMarker marker,
      Warehouse real) {

    public Prepared {
      notes = List.copyOf(notes);
    }

    /**
     * Makes the warehouse one of samples and brings the models there that are read.
     *
     * @throws EngineException {@code CONFIG_INVALID} if it is used for something else
     */
    public void claim() {
      SampleMarkers.mark(planning.warehouse(), marker);
      ModelCopies copies = new ModelCopies(real, planning.warehouse());
      for (PinnedSource source : planning.sources().values()) {
        if (source.kind() == InputKind.MODEL) {
          int slash = source.uri().indexOf('/');
          copies.bring(
              source.uri().substring(0, slash),
              source.uri().substring(slash + 1),
              source.identity());
        }
      }
    }
  }

  /**
   * Reads what comes from outside and chooses by what to sample it.
   *
   * @param share from {@link Sampling#share}
   * @throws EngineException {@code CONFIG_INVALID} for a request that cannot be, {@code
   *     INPUT_MISSING} if something that is read is not there
   */
  public static Prepared open(Planning real, RunRequest request, BigDecimal share) {
    if (!GraphCheck.problems(real.spec(), request).isEmpty()) {
      throw EngineException.invalid(GraphCheck.problems(real.spec(), request));
    }
    return new Samples(real, share).prepare(request);
  }

  private static String location(String uri, BigDecimal share) {
    String name = "__sample-" + Sampling.word(share);
    boolean isRoot = uri.matches("[a-zA-Z][a-zA-Z0-9+.-]+://[^/]*") || uri.equals("/");
    return uri + (isRoot ? "/" : "") + name;
  }

  private Prepared prepare(RunRequest request) {
    PipelineSpec spec = real.spec();
    Excerpt excerpt = Excerpt.of(spec, request);
    FileSourcePins outside =
        Wiring.pins(target, real.options().verification(), real.options().clock());
    for (InputSpec input : spec.inputs()) {
      if (excerpt.external().contains(input.name())) {
        inputs.add(input);
        Optional<PinnedSource> pin =
            input.kind() == InputKind.MODEL
                ? ModelPins.pin(real.warehouse().registry(), input)
                : outside.pin(input);
        pin.ifPresent(source -> pins.put(input.name(), source));
      }
    }
    excerpt.above().forEach(dataset -> above(dataset, outside));
    List<SampleKeys.Known> known =
        inputs.stream()
            .filter(input -> input.kind() != InputKind.MODEL)
            .map(new SampleSources(real, pins)::known)
            .toList();
    SortedMap<String, List<String>> keys = SampleKeys.of(known, said());
    if (keys.isEmpty()) {
      throw EngineException.misused(
          "nothing can be sampled: no input has a key",
          "name a column beside an input: sample-by: customer_id, or give what is read keys");
    }
    notes.addAll(SampleKeys.words(known, keys));
    Sampling sampling = new Sampling(share, keys);
    pins.replaceAll((name, source) -> SampleSources.marked(source, sampling));
    PipelineSpec rewritten = rewritten(excerpt, sampling);
    return new Prepared(
        real.as(target, rewritten, pins, sampling),
        new RunRequest(
            null, null, null, request.forced(), request.forceAll(), request.partitions()),
        notes,
        new SampleMarker(
            sampling.percent(), real.warehouse().uri(), real.options().clock().instant()),
        real.warehouse());
  }

  /** The keys that anything in the pipeline has: what is made of it may have the columns. */
  private List<List<String>> said() {
    Stream<List<String>> inside =
        real.spec().steps().stream().flatMap(step -> step.outputs().stream()).map(OutputSpec::keys);
    Stream<List<String>> outside =
        real.spec().inputs().stream()
            .flatMap(
                input ->
                    Stream.of(
                        input.sampleBy(),
                        input.schema() == null ? List.<String>of() : input.schema().keys()));
    return Stream.concat(outside, inside).filter(key -> !key.isEmpty()).toList();
  }

  /** A dataset or model of a step that is not asked for, as it was published. */
  private void above(String name, FileSourcePins outside) {
    PipelineSpec spec = real.spec();
    OutputSpec output = Excerpt.output(spec, name).orElseThrow();
    OutputVersion version = published(name);
    boolean isModel = version.kind() == OutputKind.MODEL;
    InputSpec input =
        new InputSpec(
            name,
            isModel ? InputKind.MODEL : InputKind.TABLE,
            isModel ? name : real.warehouse().uri() + "/" + version.uri(),
            null,
            new TreeMap<>(),
            isModel ? null : version.version(),
            null,
            null,
            GateSpec.OPEN,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            output.at());
    inputs.add(input);
    if (isModel) {
      pins.put(name, model(version));
    } else {
      outside.pin(input).ifPresent(source -> pins.put(name, source));
    }
    notes.add(
        name
            + " is read as published"
            + (isModel ? "" : ", version " + version.version())
            + ", from "
            + real.warehouse().uri());
  }

  private PinnedSource model(OutputVersion version) {
    String place = real.spec().name() + "/" + version.name();
    PinnedFile directory =
        new PinnedFile(version.uri(), version.name(), version.bytes(), 0, version.digest());
    return new PinnedSource(
        version.name(),
        InputKind.MODEL,
        place,
        version.version(),
        version.digest(),
        false,
        List.of(directory),
        0);
  }

  private OutputVersion published(String name) {
    Map<String, ReuseEntry> last = real.warehouse().reuse().loadLast(real.spec().name()).steps();
    return last.values().stream()
        .filter(entry -> entry.verdict() != Verdict.REJECT)
        .flatMap(entry -> entry.outputs().stream())
        .filter(output -> output.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.INPUT_MISSING,
                    real.spec().name()
                        + "/"
                        + name
                        + " was never published in "
                        + real.warehouse().uri()
                        + ": run the pipeline there first, or sample all of it (without --step"
                        + " and --from-step)"));
  }

  private PipelineSpec rewritten(Excerpt excerpt, Sampling sampling) {
    EasedGates gates = new EasedGates(excerpt, sampling);
    PipelineSpec spec = real.spec();
    PipelineSpec rewritten =
        new PipelineSpec(
            spec.name(),
            spec.environment(),
            inputs.stream().map(gates::input).toList(),
            excerpt.steps().stream().map(gates::step).toList(),
            spec.jars(),
            spec.modelClasses(),
            null,
            spec.models(),
            spec.at());
    notes.addAll(gates.notes());
    return rewritten;
  }
}
