/** Tests of the sample's generator. */
package io.mlpipeline.steps.sample;
