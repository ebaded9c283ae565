"""PostgreSQL with the usual ways to change one balance once: sql/*.sql, driven by pgbench."""
import glob
import os
import re
import shutil
import signal
import time

from . import process

SETTINGS = ("all default (`fsync`, `synchronous_commit`, `full_page_writes` on) but `max_connections` 250, TCP on loopback; "
            "`pgbench -M prepared`; of an idempotency key only key and wallet are stored, no answer")
SQL = os.path.join(os.path.dirname(__file__), "sql")
TITLES = {"for_update": "SELECT … FOR UPDATE", "version_retry": "version column, retry",
          "guarded": "guarded UPDATE", "guarded_one_statement": "guarded UPDATE, one statement"}
# Work on several rows: title, rows, what must hold afterwards (the answer is "ok").
DOMAIN = {
    "transfer_ordered": ("transfers, rows locked in order",
                         "sum(balance) = 1000000000000 * count(*) FROM wallet"),
    "transfer_serializable": ("transfers, SERIALIZABLE with retry",
                              "sum(balance) = 1000000000000 * count(*) FROM wallet"),
    "last_seat": ("one seat, 50 players",
                  "(SELECT count(*) FROM match WHERE free = 0) = (SELECT count(*) FROM booking)"),
    "flash_sale": ("flash sale of one item",
                   "(SELECT 1000000000000 - on_hand FROM item) = (SELECT count(*) FROM idempotency_key)"),
    "order": ("orders: item, wallet, order",
              "(SELECT 1000000000000 - on_hand FROM item) = (SELECT count(*) FROM customer_order)"),
}


def find(name):
    return process.find(name, *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True))


def version():
    return "PostgreSQL " + re.search(r"([\d.]+)", process.output([find("postgres"), "--version"])).group(1)


class Postgres:
    """A cluster of its own, made once and started for each round."""

    def __init__(self, work, folder="postgres"):
        self.work, self.folder = work, os.path.join(work, folder)
        self.user = process.unprivileged()
        self.port = process.free_port()
        self.uri = f"postgresql://bench@127.0.0.1:{self.port}/postgres"
        self.made = False

    def __enter__(self):
        if not self.made:
            shutil.rmtree(self.folder, ignore_errors=True)
            os.makedirs(self.folder)
            if self.user:
                os.chown(self.folder, self.user["user"], self.user["group"])
            process.output([find("initdb"), "-D", self.folder, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-locale"],
                           cwd=self.folder, **self.user)
            self.made = True
        self.server = self.serving(self.folder, self.port)
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__()

    def serving(self, folder, port):
        return process.Server(
            [find("postgres"), "-D", folder, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
             "-c", "max_connections=250",  # an endpoint's threads, one each
             "-c", "unix_socket_directories="],
            os.path.join(self.work, os.path.basename(folder) + ".log"), lambda: self.ready(port), signal.SIGINT, cwd=folder, **self.user)

    @staticmethod
    def ready(port):
        try:
            process.output([find("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)])
            return True
        except process.Failed:
            return False

    def sql(self, *args):
        return process.output([find("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
                               str(self.port), "-U", "bench", "-d", "postgres", *args]).strip()

    def measure(self, pattern, seconds, wallets, clients):
        self.sql("-v", f"wallets={wallets}", "-f", os.path.join(SQL, "schema.sql"))
        self.sql("-c", "VACUUM ANALYZE")
        self.sql("-c", "CHECKPOINT")  # none is left over from the case before
        text, log = self.pgbench(pattern, seconds, wallets, clients)
        attempts = int(re.search(r"actually processed: (\d+)", text).group(1))
        rate = float(re.search(r"tps = ([\d.]+)", text).group(1))
        keys, moved = map(int, self.sql(
            "-c", "SELECT (SELECT count(*) FROM idempotency_key), sum(1000000000000 - balance) FROM wallet").split("|"))
        if keys != moved or keys == 0:
            raise process.Failed(f"{pattern}: {keys} keys, balances moved by {moved}")
        result = {"tx_s": rate * keys / attempts}
        if pattern == "version_retry":
            result["attempts_per_tx"] = attempts / keys
        else:
            result.update(latencies(log))
        return result

    def pgbench(self, pattern, seconds, wallets, clients, *flags):
        log = os.path.join(self.work, "pgbench")
        for old in glob.glob(log + ".*"):
            os.remove(old)
        return process.output(
            [find("pgbench"), "-n", "-M", "prepared", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "-c",
             str(clients), "-j", str(min(2, clients)), "-T", str(max(1, round(seconds))), "-D", f"wallets={wallets}",
             "-D", "done=1", "-l", "--log-prefix", log, *flags, "-f", os.path.join(SQL, pattern + ".sql"),
             "postgres"]), log

    def measure_domain(self, pattern, seconds, wallets, clients):
        self.sql("-v", f"wallets={wallets}", "-f", os.path.join(SQL, "domain_schema.sql"))
        self.sql("-c", "VACUUM ANALYZE")
        self.sql("-c", "CHECKPOINT")
        retries = ["--max-tries=1000"] if pattern == "transfer_serializable" else []
        text, log = self.pgbench(pattern, seconds, wallets, clients, *retries)
        rate = float(re.search(r"tps = ([\d.]+)", text).group(1))
        if self.sql("-c", f"SELECT {DOMAIN[pattern][1]}") != "t":
            raise process.Failed(f"{pattern}: the books don't balance")
        result = {"tx_s": rate, **latencies(log)}
        if retries:
            result["failed"] = int(re.search(r"number of failed transactions: (\d+)", text).group(1))
            result["retries"] = int(re.search(r"total number of retries: (\d+)", text).group(1))
        return result


class Replicated(Postgres):
    """With two standbys that a commit waits for: each has applied it (remote_apply), as a node of Tote's in sync has it on disk."""

    STANDBYS = ("s1", "s2")

    def __init__(self, work):
        super().__init__(work, "postgres-primary")
        self.ports = {name: process.free_port() for name in self.STANDBYS}

    def __enter__(self):
        super().__enter__()
        self.standbys = []
        try:
            for name, port in self.ports.items():
                self.standbys.append(self.standby(name, port).__enter__())
            for setting in (f"synchronous_standby_names = 'FIRST 2 ({', '.join(self.STANDBYS)})'", "synchronous_commit = remote_apply"):
                self.sql("-c", f"ALTER SYSTEM SET {setting}")
            self.sql("-c", "SELECT pg_reload_conf()")
            self.wait_in_sync()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.sql("-c", "SET synchronous_commit = local", "-c", "ALTER SYSTEM RESET synchronous_standby_names", "-c", "SELECT pg_reload_conf()")
        for server in self.standbys:
            server.__exit__()
        super().__exit__()

    def standby(self, name, port):
        folder = os.path.join(self.work, "postgres-" + name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder, 0o700)
        if self.user:
            os.chown(folder, self.user["user"], self.user["group"])
        process.output([find("pg_basebackup"), "-D", folder, "-R", "-X", "stream", "-c", "fast", "-d",
                        f"host=127.0.0.1 port={self.port} user=bench application_name={name}"], cwd=folder, **self.user)
        return self.serving(folder, port)

    def wait_in_sync(self):
        deadline = time.monotonic() + 60
        while self.sql("-c", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != str(len(self.STANDBYS)):
            if time.monotonic() > deadline:
                raise process.Failed("the standbys aren't in sync")
            time.sleep(0.05)


def latencies(log):
    """Of each transaction, from pgbench's own log: the third column, in microseconds."""
    times = []
    for name in glob.glob(log + ".*"):
        with open(name) as lines:
            times += [int(line.split()[2]) for line in lines]
        os.remove(name)
    times.sort()
    return {"p50_us": times[len(times) // 2], "p99_us": times[min(len(times) - 1, len(times) * 99 // 100)]}
