-- Optimistic: read without a lock, change only the version that was read, else begin again. pgbench has no loop, but it
-- keeps a client's variables, so one execution is one attempt and `done` says whether the next one is a retry of the same
-- key and wallet. Figures count keys, not attempts. The read is outside of the transaction and the key comes after the
-- update, so that a lost attempt costs as little as it can.
\if :done
\set wallet random(1, :wallets)
\set key random(1, 9223372036854775807)
\endif
SELECT version FROM wallet WHERE id = :wallet \gset
BEGIN;
WITH changed AS (
  UPDATE wallet SET balance = balance - 1, version = version + 1 WHERE id = :wallet AND version = :version RETURNING 1)
SELECT count(*) AS done FROM changed \gset
\if :done
INSERT INTO idempotency_key (key, wallet) VALUES ('bench-' || CAST(:key AS text), :wallet);
COMMIT;
\else
ROLLBACK;
\endif
