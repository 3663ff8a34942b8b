package io.mlpipeline.delta;

import static io.mlpipeline.delta.Tables.by;
import static io.mlpipeline.delta.Tables.file;
import static io.mlpipeline.delta.Tables.staged;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.testkit.Fault;
import io.mlpipeline.testkit.FaultFs;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that fails once is no damaged log. */
class FaultyLogTest {

  private static final String URI = "churn/features";

  @TempDir Path warehouse;

  @AfterEach
  void mends() {
    FaultFs.set(Fault.none());
  }

  @Test
  void saysOfAListingThatFailsOnceThatTheStoreIsUnavailable() {
    FaultFs.mount();
    KernelTableLog log = new KernelTableLog("fault:" + warehouse, new HadoopSettings());
    log.replace(staged(URI, file(warehouse.resolve(URI), "a.parquet")), -1, by("one"));
    Fault none = FaultFs.set(Fault.none());
    assertThat(log.findNewest(URI)).isPresent();
    Set<ErrorType> told = EnumSet.noneOf(ErrorType.class);
    for (int call = 1; call <= none.calls().size(); call++) {
      FaultFs.set(Fault.at(call, Fault.Form.NOT_DONE));
      try {
        assertThat(log.findNewest(URI)).isPresent(); // it could do without
      } catch (EngineException e) {
        told.add(e.type());
      }
    }
    assertThat(told).containsExactly(ErrorType.STORAGE_UNAVAILABLE);
  }
}
