-- Both rows are locked in the order of their ids, so that two transfers can't wait for each other.
\set from random(1, :wallets)
\set to 1 + (:from + random(0, :wallets - 2)) % :wallets
\set key random(1, 9223372036854775807)
BEGIN;
SELECT id, balance FROM wallet WHERE id IN (:from, :to) ORDER BY id FOR UPDATE;
UPDATE wallet SET balance = balance - 1 WHERE id = :from;
UPDATE wallet SET balance = balance + 1 WHERE id = :to;
INSERT INTO idempotency_key (key, code) VALUES ('bench-' || CAST(:key AS text), 200);
COMMIT;
