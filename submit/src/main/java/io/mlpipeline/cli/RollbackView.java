package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.model.ErrorCategory;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RollbackPlan;
import io.mlpipeline.registry.TablePin;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Rollbacks.RolledBack;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rollback, planned or done, for people and for programs.
 *
 * @param wanted what was asked for
 * @param plan what was found
 * @param config the configuration of then
 * @param configTo where it was asked to be written; null if nowhere
 */
record RollbackView(
    MoveRequest wanted, RollbackPlan plan, ConfigThen config, @Nullable String configTo) {

  /** The exit code where something is lost. */
  static final int LOST = ErrorCategory.ENVIRONMENT.exitCode();

  void print(Shell shell, @Nullable RolledBack done) {
    line(shell, headline(done));
    plan.state()
        .champion()
        .filter(old -> !old.version().equals(plan.version().version()))
        .ifPresent(old -> line(shell, "replaces   " + replaced(old)));
    for (TablePin pin : plan.tables()) {
      line(shell, "table      " + table(pin, done));
    }
    for (PinnedSource source : outside()) {
      line(
          shell,
          "input      " + source.uri() + "@v" + source.version() + " is not ours: left alone");
    }
    config(shell);
  }

  private String headline(@Nullable RolledBack done) {
    String name = wanted.model() + "@" + plan.version().version();
    String since = ", in production before by event " + plan.number();
    if (plan.isDone()) {
      String tables = plan.tables().isEmpty() ? "" : ", with its tables";
      return name + " is in production" + tables + ": there is nothing to do";
    }
    if (done == null) {
      return plan.lost().isEmpty()
          ? "would roll back to " + name + since
          : "cannot roll back to " + name + since;
    }
    RegistryEvent event = Objects.requireNonNull(done.event());
    return "rolled back to "
        + name
        + since
        + "   (event "
        + event.number()
        + ", by "
        + event.by()
        + ")";
  }

  private String replaced(VersionState old) {
    return wanted.model() + "@" + old.version() + ", to " + PromotionStage.ARCHIVED.word();
  }

  private static String table(TablePin pin, @Nullable RolledBack done) {
    String name = pin.table().uri() + "  ";
    return switch (pin.state()) {
      case CURRENT -> name + "v" + pin.head() + " holds it: left alone";
      case LOST -> name + "v" + pin.table().version() + " is lost: " + pin.problem();
      case BEHIND ->
          done == null
              ? name + "v" + pin.head() + " -> v" + pin.table().version() + " again"
              : name
                  + "v"
                  + pin.head()
                  + " -> v"
                  + now(pin, done)
                  + ", which is v"
                  + pin.table().version()
                  + " again";
    };
  }

  private static long now(TablePin pin, RolledBack done) {
    return done.tables().stream()
        .filter(table -> table.uri().equals(pin.table().uri()))
        .mapToLong(OutputVersion::version)
        .findFirst()
        .orElse(-1);
  }

  /** Tables that the pipeline reads and does not own. */
  private List<PinnedSource> outside() {
    return plan.card().sources().stream().filter(s -> s.kind() == InputKind.TABLE).toList();
  }

  private void config(Shell shell) {
    String commit = plan.card().facts().getOrDefault("git-commit", "unknown");
    String differs =
        config.differs().entrySet().stream()
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining(", "));
    line(
        shell,
        "config     of git commit "
            + commit
            + (differs.isEmpty()
                ? "; all " + config.texts().size() + " files are the same here"
                : "; not the same here: " + differs));
    if (configTo != null) {
      line(shell, "           " + config.texts().size() + " files of then in " + configTo);
    } else if (!differs.isEmpty()) {
      line(
          shell,
          "           --config-to DIR writes those of then; a run with those of now goes"
              + " forward again");
    }
  }

  String json(@Nullable RolledBack done) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .text("model", wanted.model())
                    .text("version", plan.version().version().toString())
                    .text("digest", plan.version().digest())
                    .number("was_production_by_event", plan.number())
                    .flag("nothing_to_do", plan.isDone())
                    .flag("possible", plan.lost().isEmpty())
                    .array("tables", plan.tables(), (o, pin) -> table(o, pin, done))
                    .text("git_commit", plan.card().facts().get("git-commit"))
                    .textMap("config_differs", config.differs())
                    .object("event", done == null ? null : done.event(), RegistryEventJson::body));
    return new String(document, StandardCharsets.UTF_8);
  }

  private static void table(JsonOut out, TablePin pin, @Nullable RolledBack done) {
    out.text("uri", pin.table().uri())
        .number("wanted", pin.table().version())
        .number("head", pin.head())
        .text("state", pin.state().name().toLowerCase(java.util.Locale.ROOT))
        .text("problem", pin.problem());
    if (done != null) {
      out.number("now", now(pin, done));
    }
  }

  private static void line(Shell shell, String text) {
    shell.out().println(Messages.clean(text).replace('\n', ' '));
  }
}
