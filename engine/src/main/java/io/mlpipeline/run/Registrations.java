package io.mlpipeline.run;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.Registered;
import java.util.ArrayList;
import java.util.List;

/** What a step does to registered models after all else of it was published. */
final class Registrations {

  private final RunContext run;
  private final Registrar registrar;

  Registrations(Backend backend, RunContext run) {
    this.run = run;
    this.registrar = new Registrar(backend.registry(), backend.clock(), run);
  }

  /** The outputs with those that are versions of registered models. */
  Publisher.Published register(
      StepSpec step, List<Registered> wanted, Ancestry ancestry, Publisher.Published published) {
    List<OutputVersion> outputs = new ArrayList<>(published.outputs());
    boolean unchanged = published.unchanged();
    for (Registered one : wanted) {
      Registrar.Done done = registrar.register(one, ancestry);
      outputs.add(done.output());
      unchanged &= done.news().isEmpty();
      done.news().forEach(text -> run.listener().stepNoted(step.name(), text));
    }
    return new Publisher.Published(outputs, unchanged, published.superfluous());
  }
}
