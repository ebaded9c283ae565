-- One item, everybody wants it.
\set key random(1, 9223372036854775807)
BEGIN;
SELECT on_hand FROM item WHERE id = 1 FOR UPDATE;
UPDATE item SET on_hand = on_hand - 1 WHERE id = 1;
INSERT INTO idempotency_key (key, code) VALUES ('bench-' || CAST(:key AS text), 200);
COMMIT;
