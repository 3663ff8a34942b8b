package io.mlpipeline.explain;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who made what from what, over all runs of a warehouse. Joined by content, not by time. */
public final class LineageGraph {

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Node> byContent = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();

  /**
   * One published version and the attempt that made it.
   *
   * @param event the attempt
   * @param output what it published
   */
  public record Node(Derivation event, OutputVersion output) {

    /** Such as {@code churn/features@v3}. */
    public String label() {
      String version =
          output.kind() == OutputKind.TABLE
              ? "v" + output.version()
              : output.digest().substring(0, Math.min(15, output.digest().length()));
      return event.pipeline() + "/" + output.name() + "@" + version;
    }
  }

  /**
   * One line of a walk.
   *
   * @param depth how many steps away, from 0
   * @param text what is there
   */
  public record Line(int depth, String text) {}

  public LineageGraph(List<Derivation> events) {
    for (Derivation event : events) {
      // A gate publishes nothing, unless rows of a quarantine were sent through it again.
      if (event.kind() == LineageEvent.Kind.ATTEMPT || event.kind() == LineageEvent.Kind.GATE) {
        for (OutputVersion output : event.outputs()) {
          add(new Node(event, output));
        }
      }
    }
  }

  private void add(Node node) {
    nodes.add(node);
    byContent.put(content(node.output()), node);
    for (LineageInput input : node.event().inputs()) {
      readers.computeIfAbsent(content(input), k -> new ArrayList<>()).add(node);
    }
  }

  /** The version that was asked for; the newest if none was. */
  public Node find(String pipeline, String name, String version) {
    Node found = null;
    for (Node node : nodes) {
      boolean named = node.event().pipeline().equals(pipeline) && node.output().name().equals(name);
      if (named && (version.isEmpty() || isVersion(node.output(), version))) {
        found = node;
      }
    }
    if (found == null) {
      String asked = pipeline + "/" + name + (version.isEmpty() ? "" : "@" + version);
      throw EngineException.misused(
          "no run on record published " + asked, "mlpipeline data list says what there is");
    }
    return found;
  }

  private static boolean isVersion(OutputVersion output, String version) {
    return output.kind() == OutputKind.TABLE
        ? Long.toString(output.version()).equals(version)
        : output.digest().contains(version);
  }

  /** Everything that it was made from, up to what came from outside; depth first. */
  public List<Line> up(Node start) {
    List<Line> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<Line> work = new ArrayDeque<>();
    Map<Line, Node> at = new HashMap<>();
    inputs(start, 0, work, at);
    while (!work.isEmpty()) {
      Line line = work.pop();
      Node node = at.remove(line);
      boolean again = node != null && !seen.add(node.label());
      lines.add(again ? new Line(line.depth(), line.text() + " (see above)") : line);
      if (node != null && !again) {
        inputs(node, line.depth() + 1, work, at);
      }
    }
    return lines;
  }

  private void inputs(Node node, int depth, Deque<Line> work, Map<Line, Node> at) {
    List<LineageInput> inputs = node.event().inputs();
    for (int i = inputs.size() - 1; i >= 0; i--) {
      LineageInput input = inputs.get(i);
      Node maker = byContent.get(content(input));
      String by = " (by " + node.event().step() + ")";
      Line line =
          maker == null
              ? new Line(depth, input.uri() + version(input) + " " + input.identity() + by)
              : new Line(depth, maker.label() + " from run " + maker.event().runId() + by);
      work.push(line);
      if (maker != null) {
        at.put(line, maker);
      }
    }
  }

  private static String version(LineageInput input) {
    return input.version() < 0 ? "" : "@v" + input.version();
  }

  /** Everything that was made from it, down to the models; depth first. */
  public List<Line> down(Node start) {
    List<Line> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<Map.Entry<Integer, Node>> work = new ArrayDeque<>();
    users(start, 0, work);
    while (!work.isEmpty()) {
      Map.Entry<Integer, Node> next = work.pop();
      Node node = next.getValue();
      if (seen.add(node.label())) {
        lines.add(
            new Line(
                next.getKey(),
                node.label()
                    + " (by "
                    + node.event().step()
                    + ", run "
                    + node.event().runId()
                    + ")"));
        users(node, next.getKey() + 1, work);
      }
    }
    return lines;
  }

  private void users(Node node, int depth, Deque<Map.Entry<Integer, Node>> work) {
    List<Node> using = readers.getOrDefault(content(node.output()), List.of());
    for (int i = using.size() - 1; i >= 0; i--) {
      work.push(Map.entry(depth, using.get(i)));
    }
  }

  private static String content(OutputVersion output) {
    return content(output.uri(), output.name(), output.identity());
  }

  private static String content(LineageInput input) {
    return content(input.uri(), input.name(), input.identity());
  }

  /**
   * One model may have several names and one directory; a table is {@code <pipeline>/<dataset>},
   * whatever the root that a reader in another pipeline saw it under.
   */
  private static String content(String uri, String name, String identity) {
    if (identity.startsWith("m1:")) {
      return name + " " + identity;
    }
    int dataset = uri.lastIndexOf('/');
    int pipeline = dataset < 0 ? -1 : uri.lastIndexOf('/', dataset - 1);
    return uri.substring(pipeline + 1) + " " + identity;
  }
}
