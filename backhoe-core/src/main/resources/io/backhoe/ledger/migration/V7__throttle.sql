-- What people have tuned of how a run gives way: a policy, and limits as words: replica_lag=10s disk=off.
ALTER TABLE backhoe.run
    ADD COLUMN policy text,
    ADD COLUMN limits text;
ALTER TABLE backhoe.request
    ADD COLUMN policy text,
    ADD COLUMN limits text;

-- When the canary of a run was done; null as long as it is not, and where there is none.
ALTER TABLE backhoe.run ADD COLUMN canary_at timestamptz;
