package io.mlpipeline.cli;

import io.mlpipeline.Doctor;
import io.mlpipeline.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks whether this machine and this warehouse can be trusted with a run. */
@Command(
    name = "doctor",
    description =
        "Checks Java, memory, disk, permissions, versions, and the store's commit safety.",
    footer = {"", "Example: mlpipeline doctor --warehouse ./warehouse"})
final class DoctorCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  DoctorCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<Doctor.Finding> findings = Doctor.examine(common.warehouse, shell.workingDirectory());
    boolean healthy = findings.stream().allMatch(Doctor.Finding::ok);
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .flag("healthy", healthy)
                      .array(
                          "findings",
                          findings,
                          (o, f) ->
                              o.text("what", f.what()).flag("ok", f.ok()).text("text", f.text())));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      for (Doctor.Finding finding : findings) {
        String mark = finding.ok() ? shell.terminal().good("ok  ") : shell.terminal().bad("BAD ");
        shell.out().println(mark + String.format("%-12s", finding.what()) + finding.text());
      }
    }
    return healthy ? ExitCode.DONE : ExitCode.ENVIRONMENT;
  }
}
