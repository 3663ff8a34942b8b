/**
 * One codec for each stored form, versioned.
 *
 * <p>Called by delta and by the command line. Imports model and Jackson's streaming core.
 */
@NullMarked
package io.mlpipeline.json;

import org.jspecify.annotations.NullMarked;
