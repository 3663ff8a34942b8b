package io.mlpipeline.cli;

import io.mlpipeline.SchemaRegistry;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.SchemaSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists every contract of the conf root. */
@Command(
    name = "list",
    description = "Lists every contract with its columns, keys and digest.",
    footer = {"", "Example: mlpipeline schemas list"})
final class SchemasListCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  SchemasListCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    return list(shell, common);
  }

  static int list(Shell shell, CommonOptions common) {
    SchemaRegistry registry = SchemaRegistry.open(shell.workingDirectory());
    if (common.json()) {
      shell.out().print(json(registry));
    } else {
      print(shell, registry);
    }
    return registry.problems().isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
  }

  private static void print(Shell shell, SchemaRegistry registry) {
    TextTable table =
        new TextTable("schema", ">columns", "keys", ">pii", "new columns", "compatible", "locked");
    for (SchemaSpec schema : registry.schemas()) {
      table.row(
          schema.name(),
          Integer.toString(schema.columns().size()),
          String.join(", ", schema.keys()),
          Long.toString(schema.columns().stream().filter(c -> c.pii()).count()),
          schema.newColumns().name().toLowerCase(Locale.ROOT),
          compatible(schema),
          registry.isLocked(schema) ? "yes" : "no");
    }
    if (table.isEmpty()) {
      shell.err().println("no schemas in " + registry.confRoot().resolve("schemas"));
    } else {
      table.print(shell.out());
    }
    if (!registry.problems().isEmpty()) {
      shell.out().flush();
      new Messages(shell).problems(registry.problems());
    }
  }

  private static String compatible(SchemaSpec schema) {
    return schema.compatible() == Compatibility.UNSTATED
        ? ""
        : schema.compatible().name().toLowerCase(Locale.ROOT);
  }

  private static String json(SchemaRegistry registry) {
    List<SchemaSpec> schemas = registry.schemas();
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .array("schemas", schemas, (o, s) -> schema(o, s, registry.isLocked(s)))
                    .array("problems", registry.problems(), Messages::problem));
    return new String(document, StandardCharsets.UTF_8);
  }

  static void schema(JsonOut out, SchemaSpec schema, boolean locked) {
    out.text("name", schema.name())
        .text("description", schema.description())
        .array(
            "columns",
            schema.columns(),
            (o, c) ->
                o.text("name", c.name())
                    .text("type", c.type())
                    .flag("nullable", c.nullable())
                    .text("description", c.description())
                    .text("unit", c.unit())
                    .texts("allowed", c.allowed())
                    .flag("pii", c.pii()))
        .texts("keys", schema.keys())
        .texts("partition", schema.partitionBy())
        .text("new_columns", schema.newColumns().name().toLowerCase(Locale.ROOT))
        .text("compatible", compatible(schema))
        .text("digest", schema.digest())
        .flag("locked", locked);
  }
}
