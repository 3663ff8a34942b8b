package io.mlpipeline.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a step's bytecode says of it; its class is never loaded for this.
 *
 * @param uses the name in {@code uses}
 * @param className the class, with dots
 * @param inputs the input ports
 * @param outputs the output ports
 * @param params the params in the order of the record
 * @param deterministic whether a re-run gives equal rows
 */
public record StepTypeInfo(
    String uses,
    String className,
    List<PortInfo> inputs,
    List<PortInfo> outputs,
    List<ParamInfo> params,
    boolean deterministic) {

  public StepTypeInfo {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    params = List.copyOf(params);
  }

  /** The input port of this name, or the wildcard port. */
  public Optional<PortInfo> input(String port) {
    return find(inputs, port);
  }

  /** The output port of this name, or the wildcard port. */
  public Optional<PortInfo> output(String port) {
    return find(outputs, port);
  }

  private static Optional<PortInfo> find(List<PortInfo> ports, String name) {
    return ports.stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .or(() -> ports.stream().filter(PortInfo::isWildcard).findFirst());
  }

  /**
   * A port.
   *
   * @param name its name, or {@code *}
   * @param kind what it carries
   * @param optional whether a pipeline may leave it out
   * @param files whether the step reads the files of an input itself
   */
  public record PortInfo(String name, OutputKind kind, boolean optional, boolean files) {

    /** A port whose rows the step is given. */
    public PortInfo(String name, OutputKind kind, boolean optional) {
      this(name, kind, optional, false);
    }

    public boolean isWildcard() {
      return name.equals("*");
    }
  }

  /**
   * A param.
   *
   * @param name the key, kebab-case
   * @param type its type
   * @param constants what an enum allows, kebab-case; empty otherwise
   * @param defaultText what it is if not written; null if it must be written
   * @param keys which keys a map may hold; null if nothing is said of them
   */
  public record ParamInfo(
      String name,
      ParamType type,
      List<String> constants,
      @Nullable String defaultText,
      @Nullable KeyInfo keys) {

    public ParamInfo {
      constants = List.copyOf(constants);
    }

    /** A param of whose keys nothing is said. */
    public ParamInfo(
        String name, ParamType type, List<String> constants, @Nullable String defaultText) {
      this(name, type, constants, defaultText, null);
    }
  }

  /**
   * Which keys a param may hold.
   *
   * @param by the param whose value decides; empty if none does
   * @param searched whether the values are to be tried one by one, or a range of them
   * @param text the table; it is parsed only where there is something to check
   */
  public record KeyInfo(String by, boolean searched, String text) {

    /** What is wrong with one key of many; null if nothing is. */
    public @Nullable ParamProblem problem(
        ParamTable table, String choice, String name, String key, List<String> written) {
      return searched
          ? table.searched(choice, name, key, written)
          : table.problem(choice, name, key, written);
    }
  }

  /** The types of params. */
  public enum ParamType {
    TEXT,
    INTEGER,
    NUMBER,
    BOOLEAN,
    DURATION,
    CHOICE,
    TEXT_LIST,
    TEXT_MAP,
    /** Lists of texts by name. */
    TEXT_LIST_MAP,
    SQL
  }
}
