package io.mlpipeline.cli;

import io.mlpipeline.SchemaRegistry;
import io.mlpipeline.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Publishes contracts: from then on they do not change. */
@Command(
    name = "lock",
    description = {
      "Publishes every contract that is not yet: adds its digest to conf/schemas/LOCK.",
      "Refuses if a published one has changed: write it as the next version."
    },
    footer = {"", "Example: mlpipeline schemas lock"})
final class SchemasLockCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  SchemasLockCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<String> added = SchemaRegistry.open(shell.workingDirectory()).lock();
    if (common.json()) {
      byte[] document = JsonOut.pretty(out -> out.number("format", 1).texts("locked", added));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else if (added.isEmpty()) {
      shell.err().println("every schema is locked already");
    } else {
      added.forEach(name -> shell.out().println("locked " + name));
    }
    return ExitCode.DONE;
  }
}
