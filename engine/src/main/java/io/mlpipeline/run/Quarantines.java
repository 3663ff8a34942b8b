package io.mlpipeline.run;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.TableLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes quarantines visible, each before the dataset that it belongs to: a quarantine says of which
 * content of its dataset it is the rest, and where nothing is set apart any more it becomes empty.
 */
final class Quarantines {

  /** Between a quarantine's own content and that of the dataset it belongs to. */
  private static final char OF = '@';

  /** How far back a version of ours is looked for below what others wrote. */
  private static final int WALK = 1000;

  private final TableLog tables;

  Quarantines(TableLog tables) {
    this.tables = tables;
  }

  /** Commits what was set apart from a step's inputs and outputs; the version by dataset. */
  Map<String, OutputVersion> publish(
      AttemptCall call, List<SetApart> inputs, List<SetApart> outputs, List<Audited> audits) {
    Map<String, OutputVersion> versions = new HashMap<>();
    for (SetApart apart : inputs) {
      versions.put(apart.table().name(), ofInput(call, apart));
    }
    for (SetApart apart : outputs) {
      String of = identity(apart, audits);
      versions.put(
          apart.table().name(), commit(call, apart, content(apart.version(0).identity(), of)));
    }
    audits.forEach(audit -> emptyOutput(call, audit, versions));
    call.inputs().forEach(input -> emptyInput(call, input, versions));
    return versions;
  }

  /** The reports, saying where the rows are now. */
  static List<GateReport> withTables(List<GateReport> gates, Map<String, OutputVersion> versions) {
    List<GateReport> all = new ArrayList<>();
    for (GateReport gate : gates) {
      OutputVersion table = versions.get(QuarantineTable.of(gate.dataset()));
      all.add(table == null ? gate : gate.published(table));
    }
    return all;
  }

  /** What a quarantine's commit says of its content. */
  static String content(String identity, String dataset) {
    return identity + OF + dataset;
  }

  /** The content of the dataset that a version of a quarantine belongs to. */
  Optional<String> findOwner(String uri, long version) {
    for (long v = version; v >= 0 && version - v < WALK; v--) {
      Optional<String> content = tables.findContent(uri, v).filter(c -> c.indexOf(OF) >= 0);
      if (content.isPresent()) {
        return content.map(c -> c.substring(c.indexOf(OF) + 1));
      }
    }
    return Optional.empty();
  }

  private static String identity(SetApart apart, List<Audited> audits) {
    return audits.stream()
        .filter(a -> a.table().port().equals(apart.table().port()))
        .map(a -> a.digest() + "#" + a.schemaDigest())
        .findFirst()
        .orElseThrow();
  }

  private OutputVersion commit(AttemptCall call, SetApart apart, String content) {
    StagedTable table = apart.table();
    long base = tables.findHead(table.uri()).orElse(-1);
    return apart.version(tables.replace(table, base, StepRunner.info(call, content)));
  }

  /** Several steps may read an input at once: the same rows are published once. */
  private OutputVersion ofInput(AttemptCall call, SetApart apart) {
    String content = apart.version(0).identity();
    Optional<OutputVersion> there = findSame(apart, content);
    if (there.isPresent()) {
      return there.get();
    }
    try {
      return commit(call, apart, content);
    } catch (EngineException e) {
      if (e.type() != ErrorType.PUBLISH_CONFLICT) {
        throw e;
      }
      return findSame(apart, content).orElseThrow(() -> e);
    }
  }

  private Optional<OutputVersion> findSame(SetApart apart, String content) {
    String uri = apart.table().uri();
    long head = tables.findHead(uri).orElse(-1);
    return head >= 0 && tables.findContent(uri, head).filter(content::equals).isPresent()
        ? Optional.of(apart.version(head))
        : Optional.empty();
  }

  private void emptyOutput(AttemptCall call, Audited audit, Map<String, OutputVersion> versions) {
    StagedTable table = audit.table();
    OutputSpec output = call.step().output(table.port()).orElseThrow();
    String of = audit.digest() + "#" + audit.schemaDigest();
    empty(call, output.name(), Sieve.canQuarantine(output.gate()), of, versions);
  }

  private void emptyInput(
      AttemptCall call, PinnedInput input, Map<String, OutputVersion> versions) {
    if (input.source() != null) {
      boolean may =
          call.sources().stream()
              .filter(source -> source.name().equals(input.dataset()))
              .map(InputSpec::gate)
              .anyMatch(Sieve::canQuarantine);
      empty(call, input.dataset(), may, null, versions);
    }
  }

  private void empty(
      AttemptCall call,
      String dataset,
      boolean may,
      @Nullable String of,
      Map<String, OutputVersion> versions) {
    String name = QuarantineTable.of(dataset);
    String uri = call.pipeline() + "/" + name;
    if (!may || versions.containsKey(name) || tables.findHead(uri).isEmpty()) {
      return;
    }
    Optional<TableLog.Snapshot> now =
        tables.findNewest(uri).filter(s -> s.viaSpark() || !s.files().isEmpty());
    if (now.isPresent()) {
      TableLog.Snapshot snapshot = now.get();
      StagedTable empty =
          new StagedTable(
              "",
              name,
              uri,
              call.attempt(),
              snapshot.schemaJson(),
              snapshot.partitionBy(),
              List.of());
      String content = ContentDigest.EMPTY.toString();
      tables.replace(
          empty,
          snapshot.version(),
          StepRunner.info(call, of == null ? content : content(content, of)));
    }
  }
}
