package io.mlpipeline.model;

/**
 * One rule that a model version must keep to come further.
 *
 * @param text a Spark SQL boolean over {@code candidate}, {@code champion}, {@code slices} and
 *     {@code latency}
 * @param at where it was written
 */
public record PromotionRule(String text, SourceLocation at) {}
