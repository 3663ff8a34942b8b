package io.mlpipeline.spark.gate;

import com.amazon.deequ.dqdl.execution.DefaultOperandEvaluator$;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.spark.drift.Asked;
import io.mlpipeline.spark.drift.Drift;
import io.mlpipeline.spark.drift.DriftMethod;
import io.mlpipeline.spark.drift.KeptProfiles;
import io.mlpipeline.spark.drift.Profile;
import io.mlpipeline.spark.drift.Profiler;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.Condition;

/**
 * Judges rows by the distributions of a baseline. All columns that the rules ask for are profiled
 * in one pass over the judged rows; a baseline's profile is read from where it was kept, or else
 * made of its rows and kept. So in the common case the rows of the baseline are not read at all.
 */
final class DriftRules {

  /** The types that this class judges. */
  static final Set<String> TYPES = Set.of("Drift", "NewCategories", "VanishedCategories");

  /** The parameter that names the baseline. */
  static final String BASELINE = "Baseline";

  static final String PREVIOUS = "previous";

  private static final int MOST_NAMED = 10;

  private final Dataset<Row> rows;
  private final GateContext context;
  private final Map<String, Asked> columns = new LinkedHashMap<>();
  private final Map<String, Optional<Baseline>> baselines = new HashMap<>();
  private final Map<String, Known> known = new HashMap<>();
  private @Nullable String content;
  private @Nullable Known judged;

  DriftRules(Dataset<Row> rows, GateContext context) {
    this.rows = rows;
    this.context = context;
    this.content = context.content().orElse(null);
  }

  /** Says what the rows turned out to be, before the first rule is judged. */
  void judgedIs(String identity) {
    content = identity;
  }

  /** A rule's metric; it must fit the columns. */
  Finding.Clause clause(DQRule rule) {
    String column = Columns.bare(RuleLeaves.columns(rule).get(0));
    String type = rule.getRuleType();
    Optional<DriftMethod> method = isDrift(rule) ? Optional.of(method(rule)) : Optional.empty();
    Asked asked = new Asked(column, form(column, method));
    columns.put(asked.key(), asked);
    String suffix = method.map(one -> "." + one.label()).orElse("");
    String name = "Column." + column + "." + type + suffix;
    Condition condition = rule.getCondition();
    return new Finding.Clause(
        new Gauge(name, () -> read(rule, asked, method)),
        value -> condition.evaluate(value, rule, DefaultOperandEvaluator$.MODULE$));
  }

  /** Whether a rule judges a distance, and not single categories. */
  static boolean isDrift(DQRule rule) {
    return "Drift".equals(rule.getRuleType());
  }

  private DriftMethod method(DQRule rule) {
    String column = RuleLeaves.columns(rule).get(0);
    String written = rule.getTags().get("method");
    return written == null
        ? isNumeric(rows, column) ? DriftMethod.PSI : DriftMethod.LINF
        : DriftMethod.find(written).orElseThrow();
  }

  private Asked.Form form(String column, Optional<DriftMethod> method) {
    return method.flatMap(one -> one.form(isNumeric(rows, column))).orElse(Asked.Form.CATEGORIES);
  }

  private static boolean isNumeric(Dataset<Row> rows, String column) {
    DataType type = Columns.find(rows.schema(), column).orElseThrow().dataType();
    return type instanceof NumericType;
  }

  static String baseline(DQRule rule) {
    String written = RuleLeaves.parameter(rule, BASELINE);
    return written.isBlank() ? PREVIOUS : written;
  }

  private Reading read(DQRule rule, Asked asked, Optional<DriftMethod> method) {
    try {
      Known now = judged();
      String name = baseline(rule);
      Optional<Baseline> baseline =
          baselines.computeIfAbsent(name, one -> context.baseline(one, String.valueOf(content)));
      if (baseline.isEmpty()) {
        return Reading.pending("no baseline yet: there is no " + name + " version");
      }
      Known before =
          known.computeIfAbsent(
              name, one -> known(baseline.get().content(), baseline.get().rows()));
      for (Known side : List.of(now, before)) {
        if (side.trouble() != null && side.profile().only(asked).isEmpty()) {
          return Reading.failed(side.trouble());
        }
      }
      return compare(
          rule, asked, method, new Pair(baseline.get(), before.profile(), now.profile()));
    } catch (Exception e) {
      return Reading.failed(words(e));
    }
  }

  /** What is wrong with the rule or its baseline; throws what is wrong with the machine. */
  private static String words(Exception error) {
    if (error instanceof EngineException known && known.type() == ErrorType.INPUT_GONE) {
      return String.valueOf(known.getMessage());
    }
    if (error instanceof EngineException || !Failures.isOfTheRule(error)) {
      throw Failures.unchecked(error);
    }
    return Failures.words(error);
  }

  private record Pair(Baseline baseline, Profile before, Profile now) {}

  private Reading compare(DQRule rule, Asked asked, Optional<DriftMethod> method, Pair pair) {
    String words = pair.baseline().words();
    if (pair.before().only(asked).isEmpty()) {
      return absent(rule, words + " has no column \"" + asked.column() + "\" of that type");
    }
    if (pair.before().rows(asked) == 0) {
      return absent(rule, words + " has no rows");
    }
    if (method.isEmpty()) {
      return strangers(rule, asked, pair);
    }
    Drift.Difference found = Drift.between(pair.before(), pair.now(), asked.column(), method.get());
    String told =
        Reading.plain(rounded(found.distance())) + " from " + words + " (" + found.where() + ")";
    return Reading.of(found.distance(), told);
  }

  /** A new column has nothing before it; a baseline that somebody named should have it. */
  private static Reading absent(DQRule rule, String why) {
    return PREVIOUS.equals(baseline(rule))
        ? Reading.pending("no baseline yet: " + why)
        : Reading.failed(why);
  }

  private static double rounded(double value) {
    double digits = 1e4;
    return Double.isNaN(value) ? value : Math.round(value * digits) / digits;
  }

  private static Reading strangers(DQRule rule, Asked asked, Pair pair) {
    String column = asked.column();
    if (!Drift.isWhole(pair.before(), column) || !Drift.isWhole(pair.now(), column)) {
      return Reading.failed(
          "\"" + column + "\" has more than a thousand categories, of which not all are known");
    }
    boolean isNew = "NewCategories".equals(rule.getRuleType());
    Drift.Strangers found =
        isNew
            ? Drift.strangers(pair.now(), pair.before(), column)
            : Drift.strangers(pair.before(), pair.now(), column);
    List<String> named = found.names().subList(0, Math.min(MOST_NAMED, found.names().size()));
    String more = named.size() < found.names().size() ? ", ..." : "";
    String words =
        found.names().size()
            + (isNew ? " not in " : " only in ")
            + pair.baseline().words()
            + ": "
            + String.join(", ", named)
            + more
            + " ("
            + found.rows()
            + (isNew ? " rows)" : " rows there)");
    return Reading.of(found.names().size(), words);
  }

  /** A profile, and why it lacks columns; null if nothing went wrong. */
  private record Known(Profile profile, @Nullable String trouble) {}

  /** The profile of the judged rows; kept, so that the next run has it for a baseline. */
  private Known judged() {
    Known found = judged;
    if (found == null) {
      found =
          content == null
              ? new Known(Profiler.profile(rows, columns.values()), null)
              : known(content, () -> rows);
      judged = found;
    }
    return found;
  }

  /** What is kept of a content, and the rest made of its rows in one pass, and kept. */
  private Known known(String of, Supplier<Dataset<Row>> source) {
    KeptProfiles profiles = new KeptProfiles(context::profile, context::keepProfile);
    Profile kept = profiles.kept(of, columns.values());
    List<Asked> missing = KeptProfiles.missing(kept, columns.values());
    if (missing.isEmpty()) {
      return new Known(kept, null);
    }
    try {
      return new Known(kept.with(profiles.make(of, source.get(), missing)), null);
    } catch (Exception e) {
      return new Known(kept, words(e));
    }
  }
}
