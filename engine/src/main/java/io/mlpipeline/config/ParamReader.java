package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a step's params: as written, but each of the type that the step declares. */
final class ParamReader {

  private final Problems problems;
  private final Values values;
  private final SqlFiles sql;
  private final KeyChecks keys;

  ParamReader(Problems problems, SqlFiles sql) {
    this.problems = problems;
    this.values = new Values(problems);
    this.sql = sql;
    this.keys = new KeyChecks(problems);
  }

  /** The params of a step; of an unknown type any are taken. */
  Params read(@Nullable Node node, Node step, @Nullable StepTypeInfo type) {
    SortedMap<String, Object> params = new TreeMap<>();
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (type == null) {
      return Params.NONE;
    }
    for (ParamInfo info : type.params()) {
      Node value = fields == null ? null : fields.find(info.name());
      if (value != null) {
        put(params, info, value);
      } else if (info.defaultText() == null && (node == null || fields != null)) {
        refuseMissing(node == null ? step : node, step, info);
      }
    }
    if (fields != null && node != null) {
      refuseUnknown(node, type);
      keys.check(type, node, params);
    }
    return new Params(params);
  }

  private void put(SortedMap<String, Object> params, ParamInfo info, Node node) {
    Object value = value(info, node);
    if (value != null) {
      params.put(info.name(), value);
    }
  }

  private void refuseMissing(Node at, Node step, ParamInfo info) {
    problems.add(
        at.at(),
        "'" + step.path() + "' has no param '" + info.name() + "'",
        "add params { " + info.name() + ": ... }");
  }

  private void refuseUnknown(Node node, StepTypeInfo type) {
    TreeSet<String> known = new TreeSet<>();
    type.params().forEach(p -> known.add(p.name()));
    node.members()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                problems.add(
                    value.at(),
                    "step type '" + type.uses() + "' has no param '" + Keys.clean(key) + "'",
                    Suggestions.didYouMean(key, known));
              }
            });
  }

  private @Nullable Object value(ParamInfo info, Node node) {
    if (node.kind() == Kind.BROKEN) {
      return null;
    }
    return switch (info.type()) {
      case TEXT -> values.text(node);
      case INTEGER -> values.whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
      case NUMBER -> values.number(node);
      case BOOLEAN -> values.truth(node);
      case DURATION -> values.duration(node) == null ? null : node.text();
      case CHOICE -> choice(info, node);
      case TEXT_LIST -> list(node);
      case TEXT_MAP -> values.textMap(node);
      case TEXT_LIST_MAP -> lists(node);
      case SQL -> values.word(node) == null ? null : sql.text(node);
    };
  }

  private @Nullable Object list(Node node) {
    if (node.kind() != Kind.LIST) {
      values.refuse(node, "a list of texts");
      return null;
    }
    List<Object> texts = new ArrayList<>();
    for (Node element : node.elements()) {
      String text = values.text(element);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** Lists by name; a text alone is a list of one. */
  private @Nullable Object lists(Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    SortedMap<String, Object> lists = new TreeMap<>();
    for (String key : node.members().keySet()) {
      List<String> texts = values.words(fields.find(key));
      if (texts != null) {
        lists.put(key, texts);
      }
    }
    return lists;
  }

  private @Nullable String choice(ParamInfo info, Node node) {
    String text = values.text(node);
    if (text == null || info.constants().contains(text)) {
      return text;
    }
    String near = Suggestions.didYouMean(text, info.constants());
    problems.add(
        node.at(),
        "'" + node.path() + "' cannot be '" + Keys.clean(text) + "'",
        near == null ? "one of " + String.join(", ", info.constants()) : near);
    return null;
  }
}
