package io.backhoe.plan;

import java.time.Duration;

/**
 * What one rehearsed batch has shown.
 *
 * @param examined rows of the batch
 * @param changed rows that it wrote
 * @param hot of these, rows whose indexes needed no new entry
 * @param took finding, keeping and writing the rows, without planning and without the way to the server
 * @param overhead what three statements take besides, one of which is planned: the way to the server and back
 * @param walBytes of write-ahead log
 * @param pageImages full pages in it
 * @param imageBytes of a row of before-image, with its header
 * @param grownBytes how much longer the written values of a row are than those that were there
 */
public record ForecastSample(
        long examined,
        long changed,
        long hot,
        Duration took,
        Duration overhead,
        long walBytes,
        long pageImages,
        double imageBytes,
        double grownBytes) {}
