/**
 * Rules of promotions: Spark SQL booleans over what was measured of a model version, of the
 * champion, of slices of the data and of how long scoring takes.
 *
 * <p>{@code PromotionSyntax} says what is wrong with rules before anything runs and needs no
 * session; {@code SparkPromotionRules} evaluates them over one row. {@code ParsedRule} reads a rule
 * with Spark's own parser and lists the metrics that it names; {@code RuleWalk} refuses all that is
 * not an expression over them; {@code Measures} finds the metrics in the evidence.
 *
 * <p>Called by the root. Imports model, port, registry and Spark SQL with its parser.
 */
@NullMarked
package io.mlpipeline.spark.promote;

import org.jspecify.annotations.NullMarked;
