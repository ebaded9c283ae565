-- An order of one line, paid from a wallet: item and wallet are locked, always in this order.
\set wallet random(1, :wallets)
\set key random(1, 9223372036854775807)
BEGIN;
SELECT on_hand FROM item WHERE id = 1 FOR UPDATE;
SELECT balance FROM wallet WHERE id = :wallet FOR UPDATE;
UPDATE item SET on_hand = on_hand - 1 WHERE id = 1;
UPDATE wallet SET balance = balance - 1 WHERE id = :wallet;
INSERT INTO customer_order (id, wallet, item, amount) VALUES ('order-' || CAST(:key AS text), :wallet, 1, 1);
INSERT INTO idempotency_key (key, code) VALUES ('bench-' || CAST(:key AS text), 201);
COMMIT;
