package io.mlpipeline.spark.gate;

import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What judged rows are compared with.
 *
 * @param words what it is, for people: {@code version 3 of trips}
 * @param content the identity of its content, by which profiles are kept
 * @param rows gives the rows, for which they must still be there; may throw an {@link
 *     io.mlpipeline.model.EngineException} that says why they are not
 */
public record Baseline(String words, String content, Supplier<Dataset<Row>> rows) {}
