package io.mlpipeline.code;

import java.util.Set;

/**
 * What a class's bytecode says, as far as digests need it. Names are internal.
 *
 * @param digest over everything but debug information
 * @param references every class that is named
 * @param called classes on which a method is called that a subclass may override
 */
record ClassFacts(String digest, Set<String> references, Set<String> called) {}
