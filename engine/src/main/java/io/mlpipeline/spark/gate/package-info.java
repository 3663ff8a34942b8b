/**
 * The audit: DQDL rules and the content digest in one aggregate over staged files.
 *
 * <p>Called by the attempt's session. Imports model, port, table (the schema digest), Spark SQL
 * with its parser, Deequ, DQDL and its ANTLR classes. Reading rules ({@code GateSyntax}) needs no
 * session.
 */
@NullMarked
package io.mlpipeline.spark.gate;

import org.jspecify.annotations.NullMarked;
