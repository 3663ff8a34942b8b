package io.mlpipeline.step;

/**
 * How far two distributions of a column are from each other.
 *
 * @param value the population stability index: below 0.1 is usually called stable, above 0.25
 *     shifted; NaN if one side has no rows
 * @param where what differs most, for people; empty if one side has no rows
 */
public record Distance(double value, String where) {}
