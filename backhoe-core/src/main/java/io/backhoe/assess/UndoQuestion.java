package io.backhoe.assess;

import java.util.List;

final class UndoQuestion implements Question {
    @Override
    public String about() {
        return "whether it can be undone";
    }

    @Override
    public List<Finding> ask(Subject subject) {
        return subject.spec().rollback().keepImages()
                ? List.of()
                : List.of(Finding.warning("no_undo", "rollback.strategy is none: what is written cannot be taken back.")
                        .remedy("Leave rollback.strategy at before_image, or have a backup that you have restored from"
                                + " before."));
    }
}
