package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.identities;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.testkit.Fault;
import io.mlpipeline.testkit.FaultFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of which each call on its store can be made to fail. Whatever was visible then was
 * whole, and the next run makes what an undisturbed one makes.
 *
 * @param harness the pipeline, with the warehouse below which the undisturbed runs lie
 * @param undisturbed what it makes: identity by dataset and model
 * @param whole what its tables hold, by {@link StoreCheck}
 * @param calls the numbered calls of a run
 */
record FaultedRuns(
    EngineHarness harness,
    SortedMap<String, String> undisturbed,
    Map<String, List<String>> whole,
    List<String> calls) {

  /** What a fault of the store may be called; never the step's fault, nor ours. */
  private static final Set<ErrorType> OF_THE_STORE =
      Set.of(
          ErrorType.STORAGE_UNAVAILABLE,
          ErrorType.PUBLISH_UNKNOWN,
          ErrorType.PUBLISH_CONFLICT,
          ErrorType.DISK_FULL);

  /** Runs it twice without a fault: the first run meets what is only ever done once in a JVM. */
  static FaultedRuns of(EngineHarness harness) {
    FaultFs.mount();
    FaultFs.set(Fault.none());
    RunReport report = at(harness, harness.warehouse().resolve("first")).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    StoreCheck check = check(harness, harness.warehouse().resolve("first"));
    Map<String, List<String>> whole = check.contents();
    check.holds(whole, List.of(report));
    Fault none = FaultFs.set(Fault.none());
    RunReport again = at(harness, harness.warehouse().resolve("again")).run();
    assertThat(again.status()).as("%s", again.failure()).isEqualTo(RunStatus.SUCCEEDED);
    return new FaultedRuns(harness, identities(report), whole, none.calls());
  }

  /** A warehouse that an undisturbed run has left. */
  Path sound() {
    return harness.warehouse().resolve("again");
  }

  private static EngineHarness at(EngineHarness harness, Path warehouse) {
    return new EngineHarness(harness.pipeline(), Path.of("fault:" + warehouse), harness.settings());
  }

  private static StoreCheck check(EngineHarness harness, Path warehouse) {
    return new StoreCheck(warehouse, harness.open().spec().name());
  }

  /**
   * Runs it once for each number and form, and once more after that.
   *
   * @param chosen the numbers that are tried, of all those of a form
   * @param temp where their warehouses go
   * @return what did not hold
   */
  List<String> problems(BiFunction<List<Integer>, Fault.Form, List<Integer>> chosen, Path temp)
      throws IOException {
    List<String> problems = new ArrayList<>();
    int tried = 0;
    for (Fault.Form form : Fault.Form.values()) {
      for (int number : chosen.apply(numbers(form), form)) {
        tried++;
        Fault fault = Fault.at(number, form);
        try {
          survives(fault, Files.createDirectory(temp.resolve(form + "-" + number)));
        } catch (AssertionError | RuntimeException e) {
          problems.add(fault + ": " + e);
          System.out.println(fault + ": " + e); // at once: a whole sweep takes a while
        }
      }
    }
    FaultFs.set(Fault.none());
    System.out.println(tried + " faults in " + calls.size() + " calls");
    return problems;
  }

  /** The calls of a run; for a listing it is the same whether it was made. */
  private List<Integer> numbers(Fault.Form form) {
    return IntStream.rangeClosed(1, calls.size())
        .filter(n -> form != Fault.Form.ANSWER_LOST || !calls.get(n - 1).startsWith("list"))
        .boxed()
        .toList();
  }

  private void survives(Fault fault, Path warehouse) {
    FaultFs.set(fault);
    List<RunReport> answered = new ArrayList<>();
    RunReport report = run(warehouse);
    if (report != null) {
      answered.add(report);
    }
    FaultFs.set(Fault.none());
    assertThat(fault.hasHappened()).as("it came to that call").isTrue();
    StoreCheck check = check(harness, warehouse);
    check.holds(whole, answered);
    check.endLease();
    report = at(harness, warehouse).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(identities(report)).isEqualTo(undisturbed);
    answered.add(report);
    check.holds(whole, answered);
    assertThat(check.contents()).isEqualTo(whole);
  }

  /** What a run says that ended; null if it was told at once that there is no store. */
  private @Nullable RunReport run(Path warehouse) {
    try {
      RunReport report = at(harness, warehouse).run();
      if (report.failure() != null) {
        assertThat(report.failure().type()).as("%s", report.failure()).isIn(OF_THE_STORE);
      }
      return report;
    } catch (EngineException e) {
      assertThat(e.type()).as("%s", e.getMessage()).isIn(OF_THE_STORE);
      return null;
    }
  }
}
