package io.mlpipeline.run;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.Registered;
import java.util.ArrayList;
import java.util.List;

/** What a step does to registered models after all else of it was published. */
final class Registrations {

  private final Backend backend;
  private final RunContext run;
  private final Registrar registrar;

  Registrations(Backend backend, RunContext run) {
    this.backend = backend;
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
      List<String> news = new ArrayList<>(done.news());
      news.addAll(promote(done));
      outputs.add(done.output());
      unchanged &= news.isEmpty();
      news.forEach(text -> run.listener().stepNoted(step.name(), text));
    }
    return new Publisher.Published(outputs, unchanged, published.superfluous());
  }

  /** A version that may not come further is no failure of the run: its reason is told. */
  private List<String> promote(Registrar.Done done) {
    ModelPolicy policy = run.spec().policy(done.output().name());
    if (policy.automatic() == ModelPolicy.Automatic.NONE) {
      return List.of();
    }
    return new Promotions(
            backend.registry(), backend.sessions().get().promotionRules(), backend.clock())
        .advance(done.output().name(), done.version().version(), policy, run.id().value())
        .news();
  }
}
