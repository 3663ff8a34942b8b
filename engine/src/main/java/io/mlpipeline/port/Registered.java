package io.mlpipeline.port;

import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.registry.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * A model that a step wants to become a version of a registered model.
 *
 * @param port the step's port
 * @param name the registered model's name
 * @param manifest the model
 * @param evidence what was measured of it; null if nothing was
 */
public record Registered(
    String port, String name, ModelManifest manifest, @Nullable Evidence evidence) {}
