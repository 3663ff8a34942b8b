package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Errors for people: what happened, to which thing, what to do next. */
final class Messages {

  private static final int WIDEST = 2_000;

  private final Shell shell;

  Messages(Shell shell) {
    this.shell = shell;
  }

  /** Everything that is wrong with what was written, in one report. */
  void problems(List<Problem> problems) {
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    shell.err().println(shell.terminal().bad("invalid: ") + count);
    for (Problem problem : problems) {
      String place = problem.at().toString();
      shell.err().println("  " + (place.isEmpty() ? "" : place + ": ") + clean(problem.message()));
      if (problem.suggestion() != null) {
        shell.err().println("      " + clean(problem.suggestion()));
      }
    }
  }

  /** What went wrong before there was a run, as the one document on standard output. */
  void json(EngineException error) {
    List<Problem> problems =
        error instanceof InvalidConfigException invalid ? invalid.problems() : List.of();
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .object(
                        "failure",
                        error,
                        (o, e) ->
                            o.text("error_type", e.type().code())
                                .text("message", e.getMessage())
                                .flag("retryable", e.type().retryable())
                                .array("problems", problems, Messages::problem)
                                .textMap("diagnostics", e.diagnostics())));
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }

  static void problem(JsonOut out, Problem problem) {
    out.text("file", problem.at().file())
        .number("line", problem.at().line())
        .text("message", problem.message())
        .text("suggestion", problem.suggestion());
  }

  void error(EngineException error) {
    shell.err().println(shell.terminal().bad(error.type().code() + ": ") + message(error));
    error.diagnostics().forEach((k, v) -> shell.err().println("  " + k + ": " + clean(v)));
    shell.err().println("  " + error.type().remedy());
  }

  /** One block for a failure that is on record. */
  void failure(FailureRecord failure) {
    String attempt = failure.attempt() > 1 ? ", attempt " + failure.attempt() : "";
    String step = failure.step() == null ? "" : " in step " + failure.step() + attempt;
    shell.err().println();
    shell.err().println(shell.terminal().bad(failure.type().code()) + step);
    shell.err().println("  " + clean(failure.message()).replace("\n", "\n  "));
    for (Map.Entry<String, String> entry : failure.diagnostics().entrySet()) {
      shell.err().println("  " + entry.getKey() + ": " + clean(entry.getValue()));
    }
    String retry = failure.retryable() ? "A retry may help. " : "";
    String remedy = failure.type().remedy().replace("show RUN", "show " + failure.runId());
    shell.err().println("  " + retry + remedy);
  }

  void bug(Throwable thrown) {
    shell.err().println(shell.terminal().bad("internal-error: ") + clean(thrown.toString()));
    shell.err().println("  This is a bug in MLPipeline; run again with -v for the whole trace.");
  }

  private static String message(EngineException error) {
    return clean(String.valueOf(error.getMessage()));
  }

  /** No control characters reach a terminal, and no text is without end. */
  static String clean(String text) {
    String bounded = text.length() > WIDEST ? text.substring(0, WIDEST) + " ..." : text;
    StringBuilder out = new StringBuilder(bounded.length());
    for (int i = 0; i < bounded.length(); i++) {
      char c = bounded.charAt(i);
      boolean control = (Character.isISOControl(c) && c != '\n') || isBidirectional(c);
      out.append(control ? '?' : c);
    }
    return out.toString();
  }

  private static boolean isBidirectional(char c) {
    return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
  }
}
