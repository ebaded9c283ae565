-- Fifty players after one seat: the match is locked, then the payer; the losers' answer is kept under their key, too.
\set key random(1, 9223372036854775807)
SELECT nextval('attempt') AS attempt \gset
\set match :attempt / 50
\set player 1 + :attempt % :wallets
BEGIN;
SELECT free FROM match WHERE id = :match FOR UPDATE \gset
\if :free
UPDATE wallet SET balance = balance - 500 WHERE id = :player;
UPDATE match SET free = free - 1 WHERE id = :match;
INSERT INTO booking (match, player) VALUES (:match, :attempt);
\endif
INSERT INTO idempotency_key (key, code) VALUES ('bench-' || CAST(:key AS text), 201);
COMMIT;
