package io.mlpipeline.config;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.ModelPolicy.Automatic;
import io.mlpipeline.model.Names;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.model.PromotionGate.Gain;
import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code models}: how versions of registered models are promoted. Whether a rule is SQL, and
 * such SQL as may decide, is found out elsewhere.
 */
final class ModelPolicyReader {

  static final String KEY = "models";

  /** The step type whose outputs are registered models. */
  private static final String REGISTER = "register";

  private static final Pattern METRIC = Pattern.compile("[a-z][a-z0-9_]{0,127}");

  private final Problems problems;
  private final Values values;

  ModelPolicyReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  /**
   * The policies in the order they were written.
   *
   * @param overlaid models that only an overlay names: another pipeline may register them
   */
  List<ModelPolicy> read(@Nullable Node node, List<StepReader.Draft> steps, Set<String> overlaid) {
    List<ModelPolicy> policies = new ArrayList<>();
    if (node == null || Fields.of(node, problems) == null) {
      return policies;
    }
    Set<String> registered = registered(steps);
    for (Map.Entry<String, Node> member : node.members().entrySet()) {
      if (member.getValue().kind() == Node.Kind.NULL) {
        continue;
      }
      if (!registered.contains(member.getKey()) && !overlaid.contains(member.getKey())) {
        refuse(member.getKey(), member.getValue(), registered);
      }
      ModelPolicy policy = policy(member.getKey(), member.getValue());
      if (policy != null && registered.contains(member.getKey())) {
        policies.add(policy);
      }
    }
    return policies;
  }

  private static Set<String> registered(List<StepReader.Draft> steps) {
    TreeSet<String> names = new TreeSet<>();
    for (StepReader.Draft step : steps) {
      boolean isType = step.type() != null && step.type().uses().equals(REGISTER);
      if (isType || step.spec().uses().equals(REGISTER)) {
        step.spec().outputs().forEach(output -> names.add(output.name()));
      }
    }
    return names;
  }

  /** A rule for a model that nothing registers would be asked of nothing, in silence. */
  private void refuse(String name, Node node, Set<String> registered) {
    String near = Suggestions.didYouMean(name, registered);
    String known =
        registered.isEmpty()
            ? "a step with uses: register makes registered models; there is none"
            : "registered are " + String.join(", ", registered);
    problems.add(
        node.at(),
        "'" + node.path() + "': no step registers a model '" + Keys.clean(name) + "'",
        near == null ? known : near);
  }

  private @Nullable ModelPolicy policy(String name, Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    PromotionGate staging = PromotionGate.OPEN;
    PromotionGate production = PromotionGate.OPEN;
    Node promotionNode = fields.find("promotion");
    Fields promotion = promotionNode == null ? null : Fields.of(promotionNode, problems);
    if (promotion != null) {
      staging = gate(promotion.find("staging"));
      production = gate(promotion.find("production"));
      promotion.refuseOthers();
    }
    Automatic automatic = constant(fields.find("automatic"), Automatic.values(), Automatic.NONE);
    fields.refuseOthers();
    return Names.isValid(name)
        ? new ModelPolicy(name, staging, production, automatic, node.at())
        : null;
  }

  private PromotionGate gate(@Nullable Node node) {
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (fields == null) {
      return PromotionGate.OPEN;
    }
    List<PromotionRule> rules = rules(fields.find("require"));
    Gain gain = gain(fields.find("gain"));
    Approval approval = constant(fields.find("approval"), Approval.values(), Approval.NONE);
    fields.refuseOthers();
    return new PromotionGate(rules, gain, approval);
  }

  private List<PromotionRule> rules(@Nullable Node node) {
    List<PromotionRule> rules = new ArrayList<>();
    if (node == null || node.kind() == Node.Kind.BROKEN) {
      return rules;
    }
    List<Node> elements = node.kind() == Node.Kind.LIST ? node.elements() : List.of(node);
    for (Node element : elements) {
      String written = values.word(element);
      if (written == null) {
        continue;
      }
      String text = written.strip().replaceAll("\\s*\\R\\s*", " ");
      SourceLocation at = element.at();
      if (rules.stream().anyMatch(rule -> rule.text().equals(text))) {
        problems.add(at, "the rule '" + Keys.clean(text) + "' stands there twice", "keep one");
      } else {
        rules.add(new PromotionRule(text, at));
      }
    }
    return rules;
  }

  private @Nullable Gain gain(@Nullable Node node) {
    if (node == null || node.kind() != Node.Kind.OBJECT) {
      return metric(node, 0);
    }
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node least = fields.find("at-least");
    BigDecimal number = least == null ? BigDecimal.ZERO : values.number(least);
    Node metric = fields.require("metric", "gain { metric: auc_roc, at-least: -0.002 }");
    fields.refuseOthers();
    return number == null ? null : metric(metric, number.doubleValue());
  }

  private @Nullable Gain metric(@Nullable Node node, double atLeast) {
    String name = values.word(node);
    if (node == null || name == null) {
      return null;
    }
    if (!METRIC.matcher(name).matches()) {
      problems.add(
          node.at(), "'" + Keys.clean(name) + "' is no name of a metric", "such as auc_roc");
      return null;
    }
    if (name.endsWith("_gain") || name.endsWith("_gain_low") || name.endsWith("_gain_high")) {
      problems.add(
          node.at(),
          "'" + Keys.clean(name) + "' is a gain already",
          "name the metric itself: " + name.substring(0, name.indexOf("_gain")));
      return null;
    }
    return new Gain(name, atLeast);
  }

  private <E extends Enum<E>> E constant(@Nullable Node node, E[] all, E otherwise) {
    String written = values.word(node);
    if (node == null || written == null) {
      return otherwise;
    }
    List<String> words =
        Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();
    int at = words.indexOf(written);
    if (at < 0) {
      String near = Suggestions.didYouMean(written, words);
      problems.add(
          node.at(),
          "'" + node.path() + "' cannot be '" + Keys.clean(written) + "'",
          near == null ? "one of " + String.join(", ", words) : near);
      return otherwise;
    }
    return all[at];
  }
}
