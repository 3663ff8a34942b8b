package io.mlpipeline.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Copies a resolved tree into nodes: order and places restored, size limited. */
final class NodeBuilder {

  static final int LARGEST = 200_000;

  private final HoconFiles files;
  private final Layout layout;
  private final Set<String> settings;
  private int nodes;

  /**
   * @param settings the joined paths that were set on the command line
   */
  NodeBuilder(HoconFiles files, Layout layout, Set<String> settings) {
    this.files = files;
    this.layout = layout;
    this.settings = settings;
  }

  Node root(ConfigObject root, SourceLocation at) {
    return build(root, "", at);
  }

  /** Whether the tree was cut because it is too large. */
  boolean isOverflown() {
    return nodes > LARGEST;
  }

  private Node build(ConfigValue value, String path, SourceLocation holder) {
    nodes++;
    SourceLocation at = place(value, path, holder);
    if (isOverflown()) {
      return scalar(Kind.BROKEN, path, at, "");
    }
    try {
      return switch (value.valueType()) {
        case OBJECT -> object((ConfigObject) value, path, at);
        case LIST -> list((ConfigList) value, path, at);
        case NUMBER -> scalar(Kind.NUMBER, path, at, value.atKey("n").getString("n"));
        case BOOLEAN -> scalar(Kind.BOOLEAN, path, at, String.valueOf(value.unwrapped()));
        case NULL -> scalar(Kind.NULL, path, at, "");
        case STRING -> scalar(Kind.TEXT, path, at, (String) value.unwrapped());
      };
    } catch (ConfigException.NotResolved unresolved) {
      return scalar(Kind.BROKEN, path, at, "");
    }
  }

  private static Node scalar(Kind kind, String path, SourceLocation at, String text) {
    return new Node(kind, Keys.show(path), at, text, Map.of(), List.of());
  }

  private Node object(ConfigObject object, String path, SourceLocation at) {
    Map<String, Node> members = new LinkedHashMap<>();
    for (String name : ordered(object, path)) {
      ConfigValue value = object.get(name);
      if (value != null) {
        members.put(name, build(value, Keys.member(path, name), at));
      }
    }
    return new Node(Kind.OBJECT, Keys.show(path), at, "", members, List.of());
  }

  private Set<String> ordered(ConfigObject object, String path) {
    Set<String> names = new LinkedHashSet<>(layout.members(path));
    Set<String> others = new TreeSet<>(object.keySet());
    others.removeAll(names);
    List<String> byLine = new ArrayList<>(others);
    byLine.sort((a, b) -> Integer.compare(line(object, a), line(object, b)));
    names.addAll(byLine);
    return names;
  }

  private static int line(ConfigObject object, String name) {
    ConfigValue value = object.get(name);
    return value == null ? 0 : value.origin().lineNumber();
  }

  private Node list(ConfigList list, String path, SourceLocation at) {
    List<Node> elements = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      elements.add(build(list.get(i), Keys.member(path, "[" + i + "]"), at));
    }
    return new Node(Kind.LIST, Keys.show(path), at, "", Map.of(), elements);
  }

  /**
   * A setting's word; else the key's line in the file that the value came from; else its origin.
   */
  private SourceLocation place(ConfigValue value, String path, SourceLocation holder) {
    if (path.isEmpty()) {
      return holder;
    }
    ConfigOrigin origin = value.origin();
    if (settings.contains(path) || origin.description().startsWith(Settings.ORIGIN)) {
      return Settings.PLACE;
    }
    SourceLocation written = files.locate(origin);
    SourceLocation key = layout.place(path);
    boolean holdsOthers = isHolder(value);
    if (key != null && (holdsOthers || written == null)) {
      return key;
    }
    return written == null ? holder : keyIn(written, path);
  }

  private SourceLocation keyIn(SourceLocation written, String path) {
    @Nullable SourceLocation key = layout.placeIn(written.file(), path);
    return key != null && key.line() <= written.line() ? key : written;
  }

  private static boolean isHolder(ConfigValue value) {
    try {
      return value.valueType() == ConfigValueType.OBJECT;
    } catch (ConfigException.NotResolved unresolved) {
      return true;
    }
  }
}
