/**
 * The audit: rules of a gate judged over staged files, together with the content digest, in as few
 * passes as they allow.
 *
 * <p>Start at {@code Auditor}, and follow {@code Trial}: every rule is prepared, the scan runs,
 * every rule is judged. Around it stand, each calling only what comes after it:
 *
 * <ul>
 *   <li><b>Ways in.</b> {@code Auditor} judges a dataset, {@code RowRules} marks the rows that
 *       break rules, {@code Rehearsal} does both without publishing, {@code GateSyntax} says what
 *       is wrong with rules and {@code GateCost} what they cost; the last two need no session.
 *       {@code GateContext} is what a gate sees beside the rows.
 *   <li><b>Rules as text.</b> {@code RuleText} parses one ({@code RuleShape}, {@code SyntaxHints},
 *       {@code Quiet} mend what the parser does badly), {@code RuleTypes} lists the types with
 *       those that we add, {@code RuleLeaves} answers small questions to a parsed rule, {@code
 *       Refusals} (with {@code AddedRefusals}, {@code DriftRefusals}, {@code SqlRefusals}) and
 *       {@code ColumnFit} say why one is not taken, each as a {@code Fault}.
 *   <li><b>Rules as tests.</b> {@code RuleTests} turns a rule into a {@code Finding.Test}: {@code
 *       Gauges} gives the metrics and {@code Finding} holds them against the condition. Types with
 *       work of their own have a class: {@code ComparisonTests}, {@code Dependencies}, {@code
 *       DriftRules}, {@code AnomalyTests}, {@code CustomSql}. {@code RowBreaks} says of single rows
 *       what {@code RuleTests} says of all.
 *   <li><b>Passes over rows.</b> {@code Scan} is the shared one, of {@code Measure}s; {@code
 *       Grouping} groups, {@code FileStatistics} spares both, {@code Small} is for few rows. {@code
 *       DigestScan} lets the digest, a {@code Vital}, share the scan: {@code DigestingParquet}
 *       takes a {@code BatchDigest} of what is read and {@code DigestParts} bring it home, or
 *       {@code TableDigest}, which defines the value, gives aggregates. A {@code Gauge} gives a
 *       {@code Reading}.
 *   <li><b>The past.</b> {@code History} is a metric's earlier values; {@code Operands} and {@code
 *       PastFunctions} are for {@code avg(last(10))}, {@code Anomaly}, {@code Strategy} and {@code
 *       AnomalySettings} for what is unusual. All end in a {@code Band} that is an {@code
 *       Expectation}.
 * </ul>
 *
 * <p>It is one package because a rule's type runs through all of these: its form, refusals, metrics
 * and cost change together, and nobody outside needs more than the ways in.
 *
 * <p>Called by the attempt's session, {@code spark.suggest} and the root's {@code GateChecks} and
 * {@code GateTrials}. Imports model, port, table (the schema digest), drift, Spark SQL with its
 * parser, Deequ, DQDL and its ANTLR classes.
 */
@NullMarked
package io.mlpipeline.spark.gate;

import org.jspecify.annotations.NullMarked;
