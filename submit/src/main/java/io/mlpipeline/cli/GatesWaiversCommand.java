package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.WaiverJson;
import io.mlpipeline.model.Waiver;
import io.mlpipeline.model.Waivers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists waivers. */
@Command(
    name = "waivers",
    description = "Lists waivers, active and expired.",
    footer = {"", "Example: mlpipeline gates waivers churn"})
final class GatesWaiversCommand implements Callable<Integer> {

  private static final String WAIVERS = "waivers/";

  private final Shell shell;
  private final InstantSource clock = InstantSource.system();

  @Parameters(index = "0", arity = "0..1", paramLabel = "PIPELINE", defaultValue = "")
  private String pipeline = "";

  @Mixin private CommonOptions common = new CommonOptions();

  GatesWaiversCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    List<Waiver> waivers = new ArrayList<>();
    for (String one : pipeline.isEmpty() ? pipelines(warehouse) : Set.of(pipeline)) {
      waivers.addAll(warehouse.gates().waivers(one));
    }
    print(waivers, clock.instant());
    return ExitCode.DONE;
  }

  private static Set<String> pipelines(Warehouse warehouse) {
    Set<String> names = new TreeSet<>();
    for (String key : warehouse.objects().list(WAIVERS)) {
      names.add(key.substring(WAIVERS.length(), key.indexOf('/', WAIVERS.length())));
    }
    return names;
  }

  private void print(List<Waiver> waivers, Instant now) {
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .array(
                          "waivers",
                          waivers,
                          (o, one) -> {
                            WaiverJson.body(o, one);
                            o.flag("active", Waivers.counts(one, now));
                          }));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
      return;
    }
    TextTable table = new TextTable("state", "until", "dataset", "rule", "by", "run", "reason");
    for (Waiver one : waivers) {
      table.row(
          Waivers.counts(one, now) ? "active" : "expired",
          one.until().toString(),
          one.pipeline() + "/" + one.dataset(),
          one.rule(),
          one.by(),
          one.run(),
          Messages.clean(one.reason()).replace('\n', ' '));
    }
    if (table.isEmpty()) {
      shell.err().println("no waivers in " + common.warehouse);
    } else {
      table.print(shell.out());
    }
  }
}
