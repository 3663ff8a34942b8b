package io.mlpipeline.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How old the newest of an input may be.
 *
 * @param duration the age
 * @param column the column whose newest value counts; null means the times of the files
 */
public record MaxAge(Duration duration, @Nullable String column) {}
