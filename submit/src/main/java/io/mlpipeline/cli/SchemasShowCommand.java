package io.mlpipeline.cli;

import io.mlpipeline.SchemaRegistry;
import io.mlpipeline.config.SchemaText;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Suggestions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one contract as it is understood. */
@Command(
    name = "show",
    description = "Shows a contract, with everything that was left to a default left out.",
    footer = {"", "Example: mlpipeline schemas show events-v1"})
final class SchemasShowCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "Such as events-v1; without a version the newest one.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Mixin private CommonOptions common = new CommonOptions();

  SchemasShowCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    SchemaRegistry registry = SchemaRegistry.open(shell.workingDirectory());
    SchemaSpec schema = find(registry);
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out -> {
                out.number("format", 1);
                SchemasListCommand.schema(out, schema, registry.isLocked(schema));
              });
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      String locked = registry.isLocked(schema) ? "published" : "not published";
      List<String> head = List.of(schema.name() + ", " + locked, schema.digest());
      shell.out().print(SchemaText.of(schema, head, Map.of()));
    }
    return ExitCode.DONE;
  }

  private SchemaSpec find(SchemaRegistry registry) {
    List<SchemaSpec> all = registry.schemas();
    String versions = Pattern.quote(name) + "-v[0-9]+";
    return all.stream()
        .filter(schema -> schema.name().equals(name) || schema.name().matches(versions))
        .reduce((older, newer) -> newer)
        .orElseThrow(() -> missing(registry, all));
  }

  private EngineException missing(SchemaRegistry registry, List<SchemaSpec> all) {
    List<Problem> own =
        registry.problems().stream().filter(p -> p.at().file().contains("/" + name)).toList();
    if (!own.isEmpty()) {
      return EngineException.invalid(own);
    }
    String near = Suggestions.didYouMean(name, all.stream().map(SchemaSpec::name).toList());
    return EngineException.misused(
        "there is no schema " + name,
        Objects.requireNonNullElse(near, "mlpipeline schemas list names them"));
  }
}
