-- The same in a single statement, so a single round trip: the best that PostgreSQL can do here.
\set wallet random(1, :wallets)
\set key random(1, 9223372036854775807)
WITH changed AS (
  UPDATE wallet SET balance = balance - 1 WHERE id = :wallet AND balance >= 1 RETURNING id)
INSERT INTO idempotency_key (key, wallet) SELECT 'bench-' || CAST(:key AS text), id FROM changed;
