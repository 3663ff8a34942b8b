package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.run.MoveRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the rules of promotions are: in the pipeline file of now, not of then. */
final class PolicyOptions {

  @Option(
      names = "--pipeline",
      paramLabel = "FILE",
      description = "The pipeline with the rules; default: the file whose run registered it.")
  private @Nullable String pipeline;

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "The overlay conf/env/NAME.conf; default: that of the run that registered it.")
  private @Nullable String environment;

  @Option(
      names = "--jars",
      paramLabel = "JAR",
      split = ",",
      description = "Jars with step classes, separated by commas.")
  private List<String> jars = new ArrayList<>();

  /**
   * The rules for a model; for a version that is not there evidence alone, as nobody can ask more
   * of it.
   */
  ModelPolicy policy(MoveRequest wanted, Warehouse warehouse, CommonOptions common, Shell shell) {
    ModelState state = warehouse.registry().state(wanted.model());
    Optional<ModelCard> card =
        state
            .find(wanted.version())
            .map(VersionState::card)
            .flatMap(seal -> warehouse.registry().findCard(wanted.model(), seal));
    return card.map(known -> policy(known, warehouse, common, shell))
        .orElseGet(() -> ModelPolicy.open(wanted.model()));
  }

  private ModelPolicy policy(
      ModelCard card, Warehouse warehouse, CommonOptions common, Shell shell) {
    Path file = file(card, shell);
    PlanningOptions options =
        new PlanningOptions(
            file,
            shell.workingDirectory(),
            environment(card, warehouse),
            common.settings,
            common.warehouse,
            jars,
            shell.environment(),
            PlanningOptions.Verification.QUICK,
            InstantSource.system());
    PipelineSpec spec = Planning.open(options).spec();
    if (!spec.name().equals(card.pipeline())) {
      throw EngineException.misused(
          file
              + " is pipeline "
              + spec.name()
              + ", and "
              + card.model()
              + "@"
              + card.version()
              + " is of pipeline "
              + card.pipeline(),
          "name the file of pipeline " + card.pipeline() + ": --pipeline FILE");
    }
    return spec.policy(card.model());
  }

  private Path file(ModelCard card, Shell shell) {
    if (pipeline != null) {
      return PipelineOptions.file(pipeline, shell.workingDirectory());
    }
    String known = card.facts().get("pipeline-file");
    if (known == null || !Files.exists(shell.workingDirectory().resolve(known))) {
      throw EngineException.misused(
          "the rules of "
              + card.model()
              + " are in "
              + (known == null ? "the file of pipeline " + card.pipeline() : known)
              + ", which is not here",
          "go where it is, or name it: --pipeline FILE");
    }
    return Path.of(known);
  }

  /** Rules differ between environments: those of the run hold, unless somebody says otherwise. */
  private String environment(ModelCard card, Warehouse warehouse) {
    if (environment != null) {
      return environment;
    }
    return warehouse.ledger().run(card.run()).stream()
        .map(LineageEvent::environment)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("local");
  }
}
