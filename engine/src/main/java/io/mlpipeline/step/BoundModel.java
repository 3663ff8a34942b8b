package io.mlpipeline.step;

/**
 * Which model an input port is bound to.
 *
 * @param name the dataset name by which the pipeline calls the model
 * @param digest {@code m1:<64 hex>} over its normalized content: equal models have equal ones
 */
public record BoundModel(String name, String digest) {}
