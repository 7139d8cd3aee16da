-- Whether the run's checks look at everything, not at a sample: so for whoever goes on with it, too.
ALTER TABLE backhoe.run ADD COLUMN full_checks boolean NOT NULL DEFAULT false;
