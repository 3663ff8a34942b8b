/** The example of docs/writing-a-step.md, so that it compiles and holds. */
package io.mlpipeline.steps.example;
