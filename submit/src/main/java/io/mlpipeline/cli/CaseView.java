package io.mlpipeline.cli;

import io.mlpipeline.PlanningOptions;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.rehearse.CaseResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What cases came to, as they end and in the end. */
final class CaseView {

  private final Shell shell;
  private final List<Path> files;

  CaseView(Shell shell, List<Path> files) {
    this.shell = shell;
    this.files = files;
  }

  /** How a report calls all of them. */
  String suite(PlanningOptions planning) {
    return String.valueOf(planning.pipelineFile().getFileName()).replaceFirst("\\.conf$", "");
  }

  void print(CaseResult result) {
    String state =
        result.isPassed() ? shell.terminal().good("ok    ") : shell.terminal().bad("FAILED");
    shell
        .out()
        .println(state + "  " + result.name() + "  (" + Words.seconds(result.seconds()) + " s)");
    if (!result.isPassed()) {
      shell.out().println("        " + result.place());
      result.differences().forEach(line -> shell.out().println("        " + Messages.clean(line)));
    }
    shell.out().flush();
  }

  void sum(List<CaseResult> results) {
    long passed = results.stream().filter(CaseResult::isPassed).count();
    long failed = results.size() - passed;
    String where = files.size() == 1 ? "" : " in " + files.size() + " files";
    shell.out().println();
    shell
        .out()
        .println(
            failed == 0
                ? passed + (passed == 1 ? " case" : " cases") + where + ": all passed"
                : failed + " of " + results.size() + " cases" + where + " failed");
  }

  void json(List<CaseResult> results) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .flag("passed", results.stream().allMatch(CaseResult::isPassed))
                    .array(
                        "cases",
                        results,
                        (o, one) ->
                            o.text("name", one.name())
                                .text("description", one.description())
                                .text("place", one.place())
                                .flag("passed", one.isPassed())
                                .decimal("seconds", one.seconds())
                                .texts("differences", one.differences())));
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }
}
