package io.backhoe.database;

import java.util.List;

/**
 * Who gets told of each row that is changed.
 *
 * @param publications that publish updates of the table or of one of its partitions
 * @param identified whether a changed row can be told from others at the other end; where not, UPDATE is an error
 * @param deferrable whether the primary key is deferrable: then it is no replica identity
 * @param whole whether the whole old row is written to the log with each change
 */
public record PublicationFacts(List<String> publications, boolean identified, boolean deferrable, boolean whole) {
    public PublicationFacts {
        publications = List.copyOf(publications);
    }
}
