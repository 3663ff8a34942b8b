package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Hindrance;
import io.mlpipeline.registry.Judgement;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Promotions.Promoted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a promotion was decided by, and what came of it. */
final class PromotionView {

  private static final int MOST_OBSERVED = 4;

  private final MoveRequest wanted;
  private final Judgement judgement;
  private final @Nullable Promoted promoted;

  PromotionView(MoveRequest wanted, Judgement judgement, @Nullable Promoted promoted) {
    this.wanted = wanted;
    this.judgement = judgement;
    this.promoted = promoted;
  }

  /** The exit code that fits: what is in the way is told apart. */
  int exitCode() {
    Hindrance hindrance = judgement.hindrance();
    return hindrance == null ? ExitCode.DONE : hindrance.exception().type().category().exitCode();
  }

  void print(Shell shell) {
    TextTable table = new TextTable("rule", "observed", "");
    for (Decided one : judgement.decided()) {
      table.row(one.rule(), observed(one), one.passed() ? "passed" : "failed");
    }
    if (judgement.approver() != null) {
      table.row("approval", "by " + judgement.approver(), "passed");
    }
    if (!table.isEmpty()) {
      table.print(shell.out());
    }
    Evidence evidence = judgement.evidence();
    List<String> small = evidence == null ? List.of() : evidence.smallSlices();
    if (!small.isEmpty() && !judgement.decided().isEmpty()) {
      shell
          .err()
          .println(Messages.clean("note     left out as too small: " + String.join(", ", small)));
    }
    shell.out().flush();
    end(shell);
  }

  private void end(Shell shell) {
    String name = wanted.name();
    String from = judgement.version().stage().word();
    String to = judgement.to().word();
    Hindrance hindrance = judgement.hindrance();
    if (hindrance != null) {
      tell(shell, hindrance.exception());
    } else if (promoted == null) {
      shell.out().println("would promote " + name + " from " + from + " to " + to);
    } else {
      String replaced =
          promoted.replaced() == null ? "" : "; " + promoted.replaced() + " is archived";
      String event = "   (event " + promoted.event().number() + ", by " + wanted.by() + ")";
      shell.out().println("promoted " + name + " from " + from + " to " + to + replaced + event);
    }
  }

  private static void tell(Shell shell, EngineException error) {
    if (error instanceof InvalidConfigException invalid) {
      new Messages(shell).problems(invalid.problems());
    } else {
      new Messages(shell).error(error);
    }
  }

  private static String observed(Decided one) {
    StringBuilder out = new StringBuilder();
    int shown = 0;
    for (Map.Entry<String, Double> value : one.observed().entrySet()) {
      if (++shown > MOST_OBSERVED) {
        return out + ", ... " + (one.observed().size() - MOST_OBSERVED) + " more";
      }
      out.append(out.isEmpty() ? "" : ", ").append(value.getKey()).append(' ');
      out.append(String.format(Locale.ROOT, "%.5g", value.getValue()));
    }
    return out.toString();
  }

  String json() {
    Hindrance hindrance = judgement.hindrance();
    Evidence evidence = judgement.evidence();
    byte[] document =
        JsonOut.pretty(
            out -> {
              out.number("format", 1)
                  .text("model", wanted.model())
                  .text("version", wanted.version().toString())
                  .text("from", judgement.version().stage().word())
                  .text("to", judgement.to().word())
                  .flag("promoted", promoted != null)
                  .flag("passes", judgement.passes())
                  .text("hindrance", hindrance == null ? null : kind(hindrance))
                  .text("message", hindrance == null ? null : hindrance.message())
                  .number("evidence_at", judgement.evidenceAt())
                  .array("decided", judgement.decided(), RegistryEventJson::decided)
                  .texts(
                      "small_slices", evidence == null ? List.<String>of() : evidence.smallSlices())
                  .text("approver", judgement.approver());
              if (promoted != null) {
                out.object("event", promoted.event(), RegistryEventJson::body);
              }
            });
    return new String(document, StandardCharsets.UTF_8);
  }

  private static String kind(Hindrance hindrance) {
    return hindrance.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
