package io.mlpipeline.registry;

import io.mlpipeline.model.Changes;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.PinnedSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says which version a new model content gets, and why. Compared is the receipt of the version that
 * was registered last:
 *
 * <ul>
 *   <li>other columns or types of features or label, or another task: <b>major</b>;
 *   <li>another way to the model, in any step from the sources on (code, params such as the data
 *       window or hyper-parameters, contracts, the steps themselves, another source): <b>minor</b>;
 *   <li>none of these, so that only rows, versions of Spark or chance differ: <b>patch</b>, a
 *       refit.
 * </ul>
 */
public final class VersionRule {

  private static final int MOST_NAMED = 3;

  /** Shorter than a digest: two of them beside each other tell nobody anything. */
  private static final int LONGEST = 31;

  private static final Set<Ingredient.Kind> RECIPE =
      EnumSet.of(
          Ingredient.Kind.STEP_TYPE,
          Ingredient.Kind.CODE,
          Ingredient.Kind.PARAM,
          Ingredient.Kind.OUTPUT,
          Ingredient.Kind.SCHEMA);

  private VersionRule() {}

  /** The first version's card. */
  public static ModelCard first(ModelCard fresh) {
    return fresh.as(SemanticVersion.FIRST, "the first version");
  }

  /**
   * The card with its version.
   *
   * @param highest the highest version that there is
   * @param last the card of the version that was registered last
   * @param fresh the new content's card; its version does not count
   */
  public static ModelCard next(SemanticVersion highest, ModelCard last, ModelCard fresh) {
    List<String> schema = schema(last.signature(), fresh.signature());
    if (!schema.isEmpty()) {
      return fresh.as(highest.nextMajor(), "major: " + brief(schema));
    }
    List<String> recipe = recipe(last, fresh);
    if (!recipe.isEmpty()) {
      return fresh.as(highest.nextMinor(), "minor: " + brief(recipe));
    }
    return fresh.as(highest.nextPatch(), "patch: a refit" + rows(last, fresh));
  }

  private static String brief(List<String> changes) {
    String named = String.join("; ", changes.subList(0, Math.min(MOST_NAMED, changes.size())));
    int more = changes.size() - MOST_NAMED;
    return more > 0 ? named + "; and " + more + " more" : named;
  }

  private static List<String> schema(
      @Nullable ModelSignature before, @Nullable ModelSignature now) {
    List<String> changes = new ArrayList<>();
    if (before == null || now == null) {
      return changes; // what nobody stated cannot have changed
    }
    if (!before.task().equals(now.task())) {
      changes.add("task " + before.task() + " -> " + now.task());
    }
    changes(columns(before), columns(now)).forEach(change -> changes.add("feature " + change));
    if (!Objects.equals(before.label(), now.label())) {
      changes.add("label " + label(before) + " -> " + label(now));
    }
    return changes;
  }

  private static String label(ModelSignature signature) {
    ModelSignature.Field label = signature.label();
    return label == null ? "none" : label.name() + " " + label.type();
  }

  private static SortedMap<String, String> columns(ModelSignature signature) {
    SortedMap<String, String> columns = new TreeMap<>();
    signature.inputs().forEach(column -> columns.put(column.name(), column.type()));
    return columns;
  }

  private static List<String> recipe(ModelCard last, ModelCard fresh) {
    List<String> changes = new ArrayList<>();
    SortedMap<String, ReceiptStep> before = steps(last);
    SortedMap<String, ReceiptStep> now = steps(fresh);
    for (String step : names(before, now)) {
      ReceiptStep was = before.get(step);
      ReceiptStep is = now.get(step);
      if (was == null || is == null) {
        changes.add("step " + step + (was == null ? " is new" : " is gone"));
      } else {
        changes(ingredients(was), ingredients(is))
            .forEach(change -> changes.add(step + " " + change));
      }
    }
    changes(places(last), places(fresh)).forEach(change -> changes.add("source " + change));
    return changes;
  }

  private static SortedMap<String, ReceiptStep> steps(ModelCard card) {
    SortedMap<String, ReceiptStep> steps = new TreeMap<>();
    card.steps().forEach(step -> steps.put(step.step(), step));
    return steps;
  }

  private static SortedMap<String, String> ingredients(ReceiptStep step) {
    SortedMap<String, String> found = new TreeMap<>();
    for (Ingredient one : step.entry().fingerprint().ingredients()) {
      if (RECIPE.contains(one.kind())) {
        found.put(one.label(), one.value());
      }
    }
    return found;
  }

  /** The sources by name and kind: where they lie is another matter in each environment. */
  private static SortedMap<String, String> places(ModelCard card) {
    SortedMap<String, String> found = new TreeMap<>();
    for (PinnedSource source : card.sources()) {
      found.put(source.dataset(), source.kind().name());
    }
    return found;
  }

  private static String rows(ModelCard last, ModelCard fresh) {
    SortedMap<String, String> before = new TreeMap<>();
    SortedMap<String, String> now = new TreeMap<>();
    last.sources().forEach(source -> before.put(source.dataset(), source.identity()));
    fresh.sources().forEach(source -> now.put(source.dataset(), source.identity()));
    List<String> changed = new ArrayList<>();
    now.forEach(
        (name, identity) -> {
          if (!identity.equals(before.get(name))) {
            changed.add(name);
          }
        });
    return changed.isEmpty() ? "" : " on new rows of " + brief(changed);
  }

  private static List<String> changes(
      SortedMap<String, String> before, SortedMap<String, String> now) {
    return Changes.between(before, now, LONGEST);
  }

  private static Set<String> names(SortedMap<String, ?> before, SortedMap<String, ?> now) {
    Set<String> all = new TreeSet<>(before.keySet());
    all.addAll(now.keySet());
    return all;
  }
}
