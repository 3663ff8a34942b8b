package io.mlpipeline.testkit;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ReuseIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reuse entries and receipts in memory. */
public final class FakeHistory implements ReuseIndex, Ledger {

  private final List<ReuseEntry> entries = Collections.synchronizedList(new ArrayList<>());
  private final List<Receipt> receipts = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, PartitionSet> sets = new ConcurrentHashMap<>();
  private final Map<String, LastState> last = new ConcurrentHashMap<>();

  public List<Receipt> receipts() {
    return List.copyOf(receipts);
  }

  @Override
  public LastState loadLast(String pipeline) {
    return last.getOrDefault(pipeline, new LastState(pipeline, Collections.emptySortedMap()));
  }

  @Override
  public Optional<ReuseEntry> find(String pipeline, String step, String fingerprint) {
    List<ReuseEntry> found =
        entries.stream()
            .filter(e -> e.step().equals(step) && e.fingerprint().sha256().equals(fingerprint))
            .toList();
    Optional<ReuseEntry> success =
        found.stream().filter(e -> e.verdict() != Verdict.REJECT).reduce((a, b) -> b);
    return success.or(() -> found.stream().reduce((a, b) -> b));
  }

  @Override
  public void add(ReuseEntry entry) {
    entries.add(entry);
  }

  @Override
  public String keep(String uri, PartitionSet set) {
    String name = uri + "#" + set.hashCode();
    sets.put(name, set);
    return name;
  }

  @Override
  public Optional<PartitionSet> findPartitions(String uri, String name) {
    return Optional.ofNullable(sets.get(name));
  }

  @Override
  public List<PartitionSet> loadPartitions(String uri) {
    return sets.entrySet().stream()
        .filter(kept -> kept.getKey().startsWith(uri + "#"))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public void saveLast(LastState state) {
    last.put(state.pipeline(), state);
  }

  @Override
  public String record(Receipt receipt) {
    receipts.add(receipt);
    return "_ml/receipts/" + receipt.run() + "/" + receipt.ordinal();
  }

  @Override
  public void fold() {}

  @Override
  public List<LineageEvent> run(String runId) {
    return all().stream().filter(e -> e.runId().equals(runId)).toList();
  }

  @Override
  public List<LineageEvent> runs(String pipeline, int limit) {
    return all().stream().filter(e -> e.kind() == LineageEvent.Kind.RUN).toList();
  }

  @Override
  public List<LineageEvent> all() {
    return receipts().stream().flatMap(r -> r.events().stream()).toList();
  }

  @Override
  public List<Derivation> derivations() {
    return all().stream().map(Derivation::of).toList();
  }
}
