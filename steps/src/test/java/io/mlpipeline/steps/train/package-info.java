/** Tests of the trainers. */
package io.mlpipeline.steps.train;
