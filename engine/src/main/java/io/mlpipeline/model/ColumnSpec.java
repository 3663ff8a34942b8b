package io.mlpipeline.model;

/**
 * One column of a contract.
 *
 * @param name the column's name
 * @param type a Spark SQL type in lower case, such as {@code bigint} or {@code decimal(10,2)}
 * @param nullable whether nulls are allowed
 */
public record ColumnSpec(String name, String type, boolean nullable) {}
