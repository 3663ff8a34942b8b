package io.mlpipeline;

import io.mlpipeline.delta.FileSourcePins;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.SourceLocation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Binds a step to what it read then, and says what of that is gone. */
public final class RecordedPins {

  private final Warehouse warehouse;
  private final Map<String, PinnedSource> sources;
  private final PlanningOptions.Verification verification;
  private final List<String> gone = new ArrayList<>();

  /** Reads every byte of files: one that looks as it did may be another. */
  public RecordedPins(Warehouse warehouse, List<PinnedSource> sources) {
    this(warehouse, sources, PlanningOptions.Verification.FULL);
  }

  RecordedPins(
      Warehouse warehouse, List<PinnedSource> sources, PlanningOptions.Verification verification) {
    this.warehouse = warehouse;
    this.verification = verification;
    this.sources = sources.stream().collect(Collectors.toMap(PinnedSource::dataset, s -> s));
  }

  /** What the step read, as it was pinned then; {@link #gone} says whether it is all there. */
  public List<PinnedInput> of(LineageEvent event) {
    List<PinnedInput> inputs = new ArrayList<>();
    for (LineageInput input : event.inputs()) {
      PinnedSource source = sources.get(input.name());
      boolean outside = source != null && source.identity().equals(input.identity());
      PinnedInput pinned =
          outside
              ? new PinnedInput(input.port(), input.name(), source, null)
              : new PinnedInput(input.port(), input.name(), null, output(input));
      inputs.add(pinned);
      check(event.pipeline(), pinned);
    }
    return inputs;
  }

  /** What cannot be read any more, in words. */
  public List<String> gone() {
    return Collections.unmodifiableList(gone);
  }

  private static OutputVersion output(LineageInput input) {
    String identity = input.identity();
    int schema = identity.indexOf('#');
    boolean isModel = identity.startsWith("m1:");
    return new OutputVersion(
        isModel ? OutputKind.MODEL : OutputKind.TABLE,
        input.port(),
        input.name(),
        input.uri(),
        input.version(),
        schema < 0 ? identity : identity.substring(0, schema),
        schema < 0 ? null : identity.substring(schema + 1),
        input.rows(),
        input.bytes(),
        null);
  }

  private void check(String pipeline, PinnedInput input) {
    PinnedSource source = input.source();
    if (source == null) {
      OutputVersion output = java.util.Objects.requireNonNull(input.output());
      if (output.kind() == OutputKind.MODEL) {
        boolean readable =
            warehouse.models().find(pipeline, output.name(), output.digest()).isPresent();
        say(readable, "model " + output.name() + " " + output.digest() + " is gone");
      } else {
        output(input, output);
      }
      return;
    }
    require(source);
  }

  /** A card names the content alone where another was published before it was written. */
  private void output(PinnedInput input, OutputVersion output) {
    if (output.uri().isEmpty()) {
      gone.add(
          "where the "
              + input.dataset()
              + " is that it read ("
              + output.digest()
              + ") is not on record");
    } else {
      table(output.uri(), output.version());
    }
  }

  /** Looks whether a source is as it was pinned; {@link #gone} says what is not. */
  void require(PinnedSource source) {
    switch (source.kind()) {
      case FILES -> files(source);
      case TABLE -> table(source.uri(), source.version());
      case JDBC -> gone.add("input " + source.dataset() + " is a database, which keeps no past");
      case MODEL -> model(source);
    }
  }

  private void model(PinnedSource source) {
    int slash = source.uri().indexOf('/');
    boolean readable =
        warehouse
            .models()
            .find(
                source.uri().substring(0, slash),
                source.uri().substring(slash + 1),
                source.identity())
            .isPresent();
    say(readable, "model " + source.uri() + " " + source.identity() + " is gone");
  }

  private void table(String uri, long version) {
    if (warehouse.tables().findReadable(uri, version).isEmpty()) {
      String why = warehouse.removal(uri, version).map(who -> ": its files were " + who).orElse("");
      gone.add("version " + version + " of table " + uri + " cannot be read any more" + why);
    }
  }

  private void files(PinnedSource source) {
    FileSourcePins pins = Wiring.pins(warehouse, verification, InstantSource.system());
    InputSpec spec =
        new InputSpec(
            source.dataset(),
            InputKind.FILES,
            source.uri(),
            null,
            new TreeMap<>(),
            null,
            null,
            null,
            GateSpec.OPEN,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            new SourceLocation("", 0));
    Map<String, PinnedFile> now =
        pins.pin(spec).map(PinnedSource::files).orElse(List.of()).stream()
            .collect(Collectors.toMap(PinnedFile::name, f -> f, (a, b) -> a));
    for (PinnedFile then : source.files()) {
      PinnedFile file = now.get(then.name());
      String what = "file " + then.name() + " of input " + source.dataset();
      if (file == null) {
        gone.add(what + " is gone (" + then.path() + ")");
      } else if (!file.digest().equals(then.digest())) {
        gone.add(what + " is another now: " + then.digest() + " then, " + file.digest() + " now");
      }
    }
  }

  private void say(boolean readable, String otherwise) {
    if (!readable) {
      gone.add(otherwise);
    }
  }
}
