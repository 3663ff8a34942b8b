package io.mlpipeline.model;

/**
 * One DQDL rule.
 *
 * @param id its given name, or a hash of its normalized text
 * @param severity what its failure means
 * @param text the rule in DQDL, normalized
 * @param at where it was written
 */
public record GateRule(String id, Severity severity, String text, SourceLocation at) {}
