package io.mlpipeline.spark.gate;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRuleParameter;
import software.amazon.glue.dqdl.model.DQRuleType;

/** The rule types of DQDL: those that a gate takes, and why it does not take the rest. */
final class RuleTypes {

  /**
   * Metrics of fine grain, most between 0 and 1, for which equality with DQDL's tolerance would
   * hide single rows.
   */
  static final Set<String> RATIOS = Set.of("Completeness", "Uniqueness", "UniqueValueRatio");

  /** Types that this engine adds to the language. */
  static final Set<String> ADDED = Set.of("Satisfies", "FunctionalDependency", "Quantile");

  /** Types that have something to say of a dataset without rows. */
  static final Set<String> OF_NO_ROWS =
      Set.of(
          "RowCount",
          "ColumnCount",
          "ColumnExists",
          "ColumnNamesMatchPattern",
          "CustomSql",
          "RowCountMatch",
          "SchemaMatch");

  /** Types of one numeric metric over numeric columns, computed by Deequ's analyzer. */
  static final Set<String> STATISTICS =
      Set.of(
          "Mean",
          "Sum",
          "StandardDeviation",
          "ColumnCorrelation",
          "ZerosCount",
          "Range",
          "InterquartileRange",
          "Variance",
          "Skewness",
          "Kurtosis");

  private static final Set<String> OTHERS =
      Set.of(
          "Completeness",
          "IsComplete",
          "Uniqueness",
          "IsUnique",
          "UniqueValueRatio",
          "IsPrimaryKey",
          "DistinctValuesCount",
          "Entropy",
          "DuplicateRowCount",
          "ColumnLength",
          "ColumnValues",
          "ColumnDataType",
          "DataFreshness",
          "Drift",
          "NewCategories",
          "VanishedCategories");

  private static final String FILES = "judges files, and a gate judges rows";

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("FileMatch", FILES),
          Map.entry("FileUniqueness", FILES),
          Map.entry("FileFreshness", FILES),
          Map.entry("FileSize", FILES),
          Map.entry("AllStatistics", "measures and does not judge"));

  private RuleTypes() {}

  /** Every type that a gate takes. */
  static SortedSet<String> accepted() {
    SortedSet<String> all = new TreeSet<>(OTHERS);
    all.addAll(STATISTICS);
    all.addAll(ADDED);
    all.addAll(Comparison.TYPES);
    all.addAll(OF_NO_ROWS);
    all.add(Anomaly.TYPE);
    return all;
  }

  /** Why a type is not taken; null if it is, or if it is unknown. */
  static @Nullable String refusal(String type) {
    return REFUSED.get(type);
  }

  /** What to write instead of a refused type. */
  static String wayRound(String type) {
    return "FileFreshness".equals(type)
        ? "max-age of the input asks for fresh files"
        : "write a rule of another type; docs/gates-rules.md lists them";
  }

  static boolean isKnown(String type) {
    return REFUSED.containsKey(type) || accepted().contains(type);
  }

  /**
   * Makes the parser know the types that Deequ can run and this DQDL version does not list. The
   * list is data read from a file of the jar, so adding to it changes nothing for other types.
   */
  static void completeParser() {
    try {
      Field field = DQRuleType.class.getDeclaredField("ALL_RULES");
      field.setAccessible(true);
      @SuppressWarnings("unchecked")
      List<DQRuleType> all = (List<DQRuleType>) field.get(null);
      List<DQRuleType> missing = new ArrayList<>();
      for (String type : List.of("ZerosCount", "Range", "InterquartileRange", "Variance")) {
        missing.add(type(type, parameter(false), 1));
      }
      missing.add(type("Skewness", parameter(false), 1));
      missing.add(type("Kurtosis", parameter(false), 1));
      missing.add(type("DuplicateRowCount", parameter(true), 1));
      missing.add(type("DuplicateRowCount", parameter(true), 0));
      missing.add(type("Uniqueness", parameter(true), 1));
      missing.addAll(added());
      all.removeIf(type -> type.getRuleTypeName().equals("ReferentialIntegrity"));
      missing.add(
          new DQRuleType(
              "IsUnique",
              "",
              List.of(parameter(true)),
              "BOOLEAN",
              false,
              false,
              true,
              false,
              "column",
              false));
      missing.addAll(ofBaselines());
      missing.removeIf(one -> isListed(one, all));
      all.addAll(missing);
      all.removeIf(one -> Anomaly.TYPE.equals(one.getRuleTypeName())); // it takes no filter
      all.add(anomalies());
    } catch (ReflectiveOperationException | RuntimeException ignored) {
      // A later DQDL brings its own; without them these types are refused as unknown.
    }
  }

  /** Types of our own: a column against the distribution of a baseline. */
  private static List<DQRuleType> ofBaselines() {
    DQRuleParameter baseline =
        new DQRuleParameter("String", DriftRules.BASELINE, "what to compare with", false);
    List<DQRuleType> all = new ArrayList<>();
    for (String type : DriftRules.TYPES) {
      for (List<DQRuleParameter> parameters :
          List.of(List.of(parameter(false)), List.of(parameter(false), baseline))) {
        all.add(
            new DQRuleType(
                type, "", parameters, "NUMBER", false, false, false, false, "column", false));
      }
    }
    return all;
  }

  private static DQRuleType anomalies() {
    DQRuleParameter names = new DQRuleParameter("String", "MetricParameter", "metric", true);
    return new DQRuleType(
        Anomaly.TYPE, "", List.of(names), "BOOLEAN", false, false, true, false, "column", false);
  }

  private static List<DQRuleType> added() {
    return List.of(
        type("Satisfies", "BOOLEAN", true, parameter("Condition")),
        type("FunctionalDependency", "NUMBER|BOOLEAN", false, parameter(true)),
        type("Quantile", "NUMBER", false, parameter(false), parameter("Probability")),
        // The language's own takes no filter, and rows without a key have no partner.
        type(
            "ReferentialIntegrity",
            "NUMBER",
            false,
            parameter("PrimaryDatasetColumns"),
            parameter("ReferenceDatasetColumns")));
  }

  private static DQRuleType type(
      String name, String returns, boolean hasThreshold, DQRuleParameter... parameters) {
    return new DQRuleType(
        name, "", List.of(parameters), returns, hasThreshold, false, true, false, "table", false);
  }

  private static DQRuleParameter parameter(String name) {
    return new DQRuleParameter("String", name, name, false);
  }

  /** Whether the parser already takes the type with as many columns. */
  private static boolean isListed(DQRuleType one, List<DQRuleType> all) {
    boolean isMany = !one.getParameters().isEmpty() && one.getParameters().get(0).isVarArg();
    int columns = one.getParameters().size() + (isMany ? 1 : 0);
    return !all.isEmpty() && DQRuleType.getRuleType(one.getRuleTypeName(), columns).isPresent();
  }

  private static DQRuleType type(String name, DQRuleParameter parameter, int count) {
    List<DQRuleParameter> parameters = count == 0 ? List.of() : List.of(parameter);
    return new DQRuleType(
        name, "", parameters, "NUMBER", false, false, true, false, "column", false);
  }

  private static DQRuleParameter parameter(boolean isMany) {
    return new DQRuleParameter("String", "TargetColumn", "column", isMany);
  }
}
