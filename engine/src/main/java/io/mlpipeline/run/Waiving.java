package io.mlpipeline.run;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.model.Waivers;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.GateStore;
import java.time.InstantSource;
import java.util.List;

/** Lets humans' waivers count; they are looked up only where something was rejected. */
final class Waiving {

  private final GateStore gates;
  private final InstantSource clock;
  private final String pipeline;

  Waiving(GateStore gates, InstantSource clock, String pipeline) {
    this.gates = gates;
    this.clock = clock;
    this.pipeline = pipeline;
  }

  List<GateReport> of(List<GateReport> reports) {
    return reports.stream().map(this::of).toList();
  }

  Audited of(Audited audited) {
    GateReport gate = of(audited.gate());
    return audited.with(gate);
  }

  private GateReport of(GateReport report) {
    return report.verdict() == Verdict.REJECT
        ? Waivers.at(gates.waivers(pipeline), clock.instant()).applyTo(report)
        : report;
  }
}
