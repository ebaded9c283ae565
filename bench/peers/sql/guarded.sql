-- One UPDATE that guards itself. The key comes first, so that the row is locked for the shortest time.
\set wallet random(1, :wallets)
\set key random(1, 9223372036854775807)
BEGIN;
INSERT INTO idempotency_key (key, wallet) VALUES ('bench-' || CAST(:key AS text), :wallet);
UPDATE wallet SET balance = balance - 1 WHERE id = :wallet AND balance >= 1;
COMMIT;
