package io.mlpipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** The walls between the packages: what each may import. */
@AnalyzeClasses(
    packages = "io.mlpipeline",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class WallsTest {

  private static final String ROOT = "io.mlpipeline";
  private static final String[] JDK = {"java..", "javax..", "org.jspecify.."};

  @ArchTest static final ArchRule modelImportsTheJdkOnly = only("model");

  @ArchTest static final ArchRule planImportsModelOnly = only("plan", "io.mlpipeline.model..");

  @ArchTest
  static final ArchRule registryImportsModelOnly = only("registry", "io.mlpipeline.model..");

  @ArchTest
  static final ArchRule configImportsModelRegistryAndTypesafeConfig =
      only("config", "io.mlpipeline.model..", "io.mlpipeline.registry..", "com.typesafe.config..");

  @ArchTest
  static final ArchRule codeImportsModelAndAsm =
      only("code", "io.mlpipeline.model..", "org.objectweb.asm..");

  @ArchTest
  static final ArchRule jsonImportsModelAndJacksonsStreams =
      only(
          "json",
          "io.mlpipeline.model..",
          "io.mlpipeline.registry..",
          "com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule stepImportsModelRegistryAndSparksPublicTypes =
      only(
          "step",
          "io.mlpipeline.model..",
          "io.mlpipeline.registry..",
          "org.apache.spark..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule portImportsModelRegistryAndStep =
      only("port", "io.mlpipeline.model..", "io.mlpipeline.registry..", "io.mlpipeline.step..");

  @ArchTest
  static final ArchRule runImportsPlanPortAndStep =
      only(
          "run",
          "io.mlpipeline.model..",
          "io.mlpipeline.plan..",
          "io.mlpipeline.port..",
          "io.mlpipeline.registry..",
          "io.mlpipeline.step..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule gcImportsModelRegistryAndPort =
      only("gc", "io.mlpipeline.model..", "io.mlpipeline.registry..", "io.mlpipeline.port..");

  @ArchTest
  static final ArchRule mlflowImportsModelAndMlflowsClient =
      only("mlflow", "io.mlpipeline.model..", "org.mlflow..", "org.slf4j..");

  @ArchTest
  static final ArchRule deltaNeverSeesSpark =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".delta..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..",
              "scala..",
              ROOT + ".spark..",
              ROOT + ".run..",
              ROOT + ".plan..",
              ROOT + ".config..");

  @ArchTest
  static final ArchRule sparkNeverSeesPlanRunOrConfig =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".spark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".plan..", ROOT + ".run..", ROOT + ".config..", ROOT + ".code..");

  @ArchTest
  static final ArchRule deequAndMlPersistenceLiveUnderSpark =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".spark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.amazon.deequ..", "software.amazon.glue..");

  @ArchTest
  static final ArchRule whatStandsOnTheRootIsNotSeenFromThere =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".rehearse..", ROOT + ".reproduce..", ROOT + ".explain..")
          .and()
          .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".steps..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + ".rehearse..", ROOT + ".reproduce..", ROOT + ".explain..");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("io.mlpipeline.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theClockIsGiven =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + ".model..",
              ROOT + ".plan..",
              ROOT + ".run..",
              ROOT + ".config..",
              ROOT + ".registry..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.time.LocalDate.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(java.util.UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule planningShowsNoSparkType =
      classes()
          .that()
          .haveFullyQualifiedName(ROOT + ".Planning")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("org.apache.spark..", ROOT + ".spark..");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses all) {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass one : all) {
      if (!one.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(one.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @ArchTest
  static void noTypeIsNamedLikeOneOfSparkOrDeequ(JavaClasses all) {
    Set<String> reserved =
        Set.of(
            "Dataset",
            "Row",
            "Column",
            "Pipeline",
            "PipelineStage",
            "Transformer",
            "Estimator",
            "Model",
            "Check",
            "Constraint",
            "Metric",
            "Analyzer",
            "MetricsRepository",
            "Stage",
            "Task",
            "Job");
    for (JavaClass one : all) {
      boolean topLevel = one.getEnclosingClass().isEmpty();
      assertThat(topLevel && reserved.contains(one.getSimpleName())).as(one.getName()).isFalse();
    }
  }

  private static ArchRule only(String own, String... others) {
    String[] allowed = new String[JDK.length + others.length + 1];
    System.arraycopy(JDK, 0, allowed, 0, JDK.length);
    System.arraycopy(others, 0, allowed, JDK.length, others.length);
    allowed[allowed.length - 1] = ROOT + "." + own + "..";
    return classes()
        .that()
        .resideInAPackage(ROOT + "." + own + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }
}
