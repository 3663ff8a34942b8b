package io.mlpipeline.steps;

import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Ingest.Params;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Files of a directory, and the step that ingests them. */
abstract class IngestTesting {

  @TempDir Path dir;

  final StepOutput run(
      String format, SchemaSpec schema, Map<String, String> options, Params params) {
    return new Ingest().run(context(format, schema, options), params);
  }

  final MapContext context(String format, SchemaSpec schema, Map<String, String> options) {
    return new MapContext().withFiles("raw", format, options, dir).withOutput("rows", schema);
  }

  final void write(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
  }
}
