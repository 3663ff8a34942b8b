package io.mlpipeline.step;

import io.mlpipeline.registry.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * A step's word that a model is to become a version of a registered model. The engine makes it one,
 * after everything else of the step was published; a content that is a version already stays that.
 *
 * @param modelPort the input port that the model is bound to
 * @param evidence what was measured of exactly this content; null if nothing was
 */
public record Registration(String modelPort, @Nullable Evidence evidence) {}
