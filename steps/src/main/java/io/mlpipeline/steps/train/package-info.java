/**
 * The steps that train: from a table to one {@code PipelineModel} over its raw columns.
 *
 * <p>A step ({@code TrainClassifier} ...) says what is learned; {@code TrainingRows} lays rows out
 * by content, {@code FeatureStages} makes vectors, a {@code Learner} is one of MLlib's estimators
 * with its own params, {@code HyperSearch} tries several of these. Found by name through bytecode;
 * imports {@code model}, {@code step}, {@code steps} and Spark.
 */
@NullMarked
package io.mlpipeline.steps.train;

import org.jspecify.annotations.NullMarked;
