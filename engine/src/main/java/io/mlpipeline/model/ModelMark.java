package io.mlpipeline.model;

import java.time.Instant;

/**
 * That a model which nobody needs will be removed; who makes the same content from then on
 * publishes its own files.
 *
 * @param uri its directory, relative to the warehouse; a mark of another directory than the
 *     manifest's means nothing
 * @param at since when
 */
public record ModelMark(String uri, Instant at) {}
