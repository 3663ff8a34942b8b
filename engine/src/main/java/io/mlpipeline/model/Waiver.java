package io.mlpipeline.model;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A human's word that a rule's failure does not stop a dataset until a day has passed.
 *
 * @param pipeline the pipeline
 * @param dataset the dataset that the rule judges
 * @param rule the rule's id
 * @param text the rule's text: another text under the same name is not waived
 * @param run the run whose rejection was looked at
 * @param reason why, in the human's words
 * @param by who
 * @param at when it was given
 * @param until the last day on which it counts, in UTC
 */
public record Waiver(
    String pipeline,
    String dataset,
    String rule,
    String text,
    String run,
    String reason,
    String by,
    Instant at,
    LocalDate until) {}
