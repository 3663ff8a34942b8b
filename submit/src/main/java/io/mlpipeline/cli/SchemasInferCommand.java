package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.SchemaRegistry;
import io.mlpipeline.Warehouse;
import io.mlpipeline.config.SchemaLoader;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a first contract from data. */
@Command(
    name = "infer",
    description = {
      "Writes a first contract from files: types, nulls, a key, what may be personal.",
      "It says what was seen. Read it, correct it, then lock it."
    },
    footer = {
      "",
      "Example: mlpipeline schemas infer data/churn/events --name events",
      "         mlpipeline schemas infer data/churn/customers.csv --write"
    })
final class SchemasInferCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PATH", description = "A file or a directory of files.")
  @SuppressWarnings("NullAway.Init")
  private String path;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, json, parquet or orc; default: by the ending of the files.")
  private @Nullable Format format;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The contract's name without its version; default: the name of the file.")
  private @Nullable String name;

  @Option(
      names = "--write",
      description = "Writes it to conf/schemas/NAME-v1.conf, which must not exist yet.")
  private boolean write;

  @Mixin private CommonOptions common = new CommonOptions();

  /** What can be read. */
  enum Format {
    csv,
    json,
    parquet,
    orc
  }

  SchemasInferCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    boolean isUri = path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
    Path file = shell.workingDirectory().resolve(path).normalize();
    if (!isUri && !Files.exists(file)) {
      throw EngineException.misused(
          "there is nothing at " + path, "paths are relative to the working directory");
    }
    String schema = name() + "-v1";
    if (!SchemaLoader.isName(schema)) {
      throw EngineException.misused(
          "'" + name() + "' is no name of a schema", "give one: --name events");
    }
    String kind = format == null ? kind(file) : format.name();
    HandOver.ifLight(); // data is read by Spark
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    String text;
    try (Engine engine = Engine.starting(Runtime.getRuntime().availableProcessors(), Map.of())) {
      Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
      text = engine.inferSchema(warehouse, isUri ? path : file.toString(), kind, schema);
    }
    print(schema, text);
    return ExitCode.DONE;
  }

  private void print(String schema, String text) {
    String written = null;
    if (write) {
      written = SchemaRegistry.open(shell.workingDirectory()).add(schema, text).toString();
    }
    String place = written;
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .text("name", schema)
                      .text("text", text)
                      .text("written", place));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else if (place == null) {
      shell.out().print(text);
    } else {
      shell.out().println(shell.workingDirectory().relativize(Path.of(place)));
    }
  }

  private String name() {
    if (name != null) {
      return name;
    }
    String last = path.replaceAll("[/\\\\]+$", "").replaceAll(".*[/\\\\]", "");
    return last.replaceAll("\\..*$", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9_]+", "-")
        .replaceAll("^[^a-z]+|-+$", "");
  }

  private String kind(Path file) {
    return FileFormats.of(path, file)
        .orElseThrow(
            () ->
                EngineException.misused(
                    "the format of " + path + " cannot be told from its name",
                    "say --format csv, json, parquet or orc"));
  }
}
