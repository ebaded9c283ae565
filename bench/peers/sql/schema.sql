DROP TABLE IF EXISTS wallet, idempotency_key CASCADE;
CREATE TABLE wallet (id int PRIMARY KEY, balance bigint NOT NULL, version bigint NOT NULL DEFAULT 0);
CREATE TABLE idempotency_key (key text PRIMARY KEY, wallet int NOT NULL);
INSERT INTO wallet (id, balance) SELECT i, 1000000000000 FROM generate_series(1, :wallets) i;
