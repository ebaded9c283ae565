-- The row is locked, looked at, changed.
\set wallet random(1, :wallets)
\set key random(1, 9223372036854775807)
BEGIN;
SELECT balance FROM wallet WHERE id = :wallet FOR UPDATE;
UPDATE wallet SET balance = balance - 1 WHERE id = :wallet;
INSERT INTO idempotency_key (key, wallet) VALUES ('bench-' || CAST(:key AS text), :wallet);
COMMIT;
