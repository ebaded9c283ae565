-- No locks by hand: the database finds conflicts and aborts, pgbench tries again (--max-tries). The rows are still
-- changed in the order of their ids: otherwise transfers both ways deadlock, a second each (deadlock_timeout).
\set from random(1, :wallets)
\set to 1 + (:from + random(0, :wallets - 2)) % :wallets
\set first least(:from, :to)
\set second greatest(:from, :to)
\set key random(1, 9223372036854775807)
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT balance FROM wallet WHERE id = :from;
UPDATE wallet SET balance = balance + CASE WHEN id = :from THEN -1 ELSE 1 END WHERE id = :first;
UPDATE wallet SET balance = balance + CASE WHEN id = :from THEN -1 ELSE 1 END WHERE id = :second;
INSERT INTO idempotency_key (key, code) VALUES ('bench-' || CAST(:key AS text), 200);
COMMIT;
