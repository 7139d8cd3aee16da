package io.backhoe.spec;

import java.util.List;

/**
 * A spec as read.
 *
 * @param warnings what the file asks for that this version does not do, by name; and what was assumed
 */
public record ReadSpec(Spec spec, List<String> warnings) {
    public ReadSpec {
        warnings = List.copyOf(warnings);
    }
}
