/** Tests of the ready-made steps, with a context of maps instead of an engine. */
package io.mlpipeline.steps;
