package io.mlpipeline.model;

/**
 * Where runs are mirrored to. Decides nothing: it is in no fingerprint, and credentials are no part
 * of it.
 *
 * @param trackingUri the address of an MLflow server, or {@code databricks}, or {@code
 *     databricks://<profile>}
 * @param experiment the name of MLflow's experiment; made if there is none
 */
public record MlflowSpec(String trackingUri, String experiment) {}
