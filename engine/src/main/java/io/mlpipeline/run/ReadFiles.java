package io.mlpipeline.run;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PathLayout;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Which files of an external input an attempt reads: those of the partitions that it needs. */
final class ReadFiles {

  private ReadFiles() {}

  static PinnedInput of(PinnedInput input, PipelineSpec spec, @Nullable PartitionWork work) {
    PinnedSource source = input.source();
    InputSpec external = spec.input(input.dataset()).orElse(null);
    SortedSet<String> reads = work == null ? null : work.reads().get(input.port());
    if (reads == null || source == null || external == null || source.kind() != InputKind.FILES) {
      return input;
    }
    List<PinnedFile> files = new ArrayList<>();
    PathLayout.partitions(external, source)
        .forEach((name, its) -> files.addAll(reads.contains(name) ? its : List.of()));
    return new PinnedInput(input.port(), input.dataset(), source.withFiles(files), null);
  }
}
