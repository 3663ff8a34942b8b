/** A step for tests about time, in a package that is not the engine's own. */
@NullMarked
package io.mlpipeline.patience;

import org.jspecify.annotations.NullMarked;
