package io.mlpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.ModelHistory;
import java.util.List;
import org.junit.jupiter.api.Test;

class PastTest {

  @Test
  void isWhatTheEventsUpToAMomentFoldTo() {
    FakeRegistry registry = new FakeRegistry();
    new ModelHistory(registry, "churn")
        .registered("1.0.0", "ann")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "ann");
    ModelState then = registry.state("churn");
    new ModelHistory(registry, "churn")
        .registered("1.1.0", "ann")
        .promoted("1.1.0", PromotionStage.PRODUCTION, "ann");
    List<RegistryEvent> events = registry.events("churn");
    assertThat(Past.at("churn", events, ModelHistory.at(2))).isEqualTo(then);
    assertThat(Past.at("churn", events, ModelHistory.at(3).minusNanos(1))).isEqualTo(then);
    assertThat(Past.at("churn", events, ModelHistory.at(1).minusNanos(1)))
        .isEqualTo(ModelState.none("churn"));
    assertThat(Past.at("churn", events, ModelHistory.at(99)).versions())
        .isEqualTo(registry.state("churn").versions());
  }
}
