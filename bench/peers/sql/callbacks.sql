-- A sportsbook's callbacks, as its own endpoint keeps them.
DROP TABLE IF EXISTS bet, named, wallet;
CREATE TABLE wallet (id text PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
CREATE TABLE bet (id text PRIMARY KEY, number bigserial, player text NOT NULL REFERENCES wallet, stake bigint NOT NULL,
                  content text NOT NULL, answer text NOT NULL);
CREATE TABLE named (type text, id text, name text, PRIMARY KEY (type, id));
