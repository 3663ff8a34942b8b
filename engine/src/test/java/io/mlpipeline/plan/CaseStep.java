package io.mlpipeline.plan;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A step of a case, open to change. */
final class CaseStep {

  final SortedMap<String, String> inputs = new TreeMap<>();
  final SortedMap<String, Object> params = new TreeMap<>();
  final SortedMap<String, String> defaults = new TreeMap<>();
  final SortedMap<String, String> parts = new TreeMap<>();
  final List<GateRule> gate = new ArrayList<>();
  String name;
  String port = "";
  String output = "";
  String columns = "";
  List<String> references = List.of();
  List<String> keys = List.of();
  List<String> partition = List.of();
  final SortedMap<String, PartitionUse> uses = new TreeMap<>();
  int line = 1;
  int retries;
  boolean deterministic = true;

  CaseStep(String name) {
    this.name = name;
    parts.put("steps." + name, "1");
    parts.put("steps.Helper", "1");
  }

  void rule(String severity, String id, String text) {
    Severity one = severity.equals("block") ? Severity.BLOCK : Severity.WARN;
    gate.add(new GateRule(id, one, text, new SourceLocation("churn.conf", line)));
  }

  void param(String key, String value) {
    if (value.equals("none")) {
      params.remove(key);
    } else {
      params.put(key, value.matches("-?[0-9.]+") ? new BigDecimal(value) : value);
    }
  }

  /** From now on the output is made by day. */
  void use(String port, String use) {
    partition = List.of("day");
    uses.put(port, PartitionUse.find(use).orElseThrow());
  }

  StepSpec spec() {
    SourceLocation at = new SourceLocation("churn.conf", line);
    OutputSpec out =
        new OutputSpec(
            port,
            output,
            schema(columns, keys),
            partition,
            keys,
            new GateSpec(gate, 0, references),
            uses.isEmpty() ? OutputMode.REPLACE : OutputMode.PARTITIONS,
            null,
            at);
    RuntimeSpec runtime = new RuntimeSpec(retries, Duration.ofSeconds(1), null);
    return new StepSpec(name, "uses", inputs, uses, new Params(params), List.of(out), runtime, at);
  }

  StepCode code() {
    SortedMap<String, String> texts = new TreeMap<>(defaults);
    texts.keySet().removeIf(params::containsKey);
    return new StepCode("steps.Type", "total of " + parts, parts, texts, deterministic);
  }

  /** Columns such as {@code id:bigint,age:int}; null if there are none. */
  static SchemaSpec schema(String columns, List<String> keys) {
    if (columns.isEmpty()) {
      return null;
    }
    List<ColumnSpec> list = new ArrayList<>();
    for (String column : columns.split(",")) {
      String[] parts = column.split(":");
      list.add(new ColumnSpec(parts[0], parts[1], true));
    }
    return new SchemaSpec("s-v1", list, keys);
  }
}
