"""What is to be reached on two cores, and what of it was."""
from statistics import median


class Series:
    """The samples of one case over the repeats."""

    def __init__(self):
        self.samples, self.failures = [], []

    def median(self, figure="tx_s"):
        values = [sample[figure] for sample in self.samples if figure in sample]
        return median(values) if values else None

    def spread(self, figure="tx_s"):
        values = [sample[figure] for sample in self.samples if figure in sample]
        return (min(values), max(values)) if values else None


# name, case, figure, "at least" or "at most", bound, case to divide by
TARGETS = [
    ("embedded, hot wallet, batches", "hot-batch", "tx_s", ">=", 1_000_000, None),
    ("the same, times PostgreSQL FOR UPDATE, 32 clients", "hot-batch", "tx_s", ">=", 500, "pg-for_update-hot-32"),
    ("embedded, hot wallet, single submits", "hot-single", "tx_s", ">=", 400_000, None),
    ("embedded, 10 000 wallets, batches", "wallets-10k", "tx_s", ">=", 400_000, None),
    ("embedded, 1 000 000 wallets, batches", "wallets-1m", "tx_s", ">=", 200_000, None),
    ("HTTP, hot wallet, times nginx's static reply (GET, the same client)", "http-hot", "tx_s", ">=", 0.35, "nginx-get"),
    ("HTTP, hot wallet, p99 in ms", "http-hot", "p99_ms", "<=", 10, None),
    ("HTTP, hot wallet, times PostgreSQL FOR UPDATE, 32 clients", "http-hot", "tx_s", ">=", 40, "pg-for_update-hot-32"),
    ("HTTP, hot wallet, projecting into PostgreSQL, times without", "http-hot-projected", "tx_s", ">=", 0.85, "http-hot"),
    ("projection, rows/s when it catches up", "projection-drain", "rows_s", ">=", 20_000, None),
    ("projection, most lag under 5 000 tx/s, in ms", "projection-lag", "lag_max_ms", "<=", 1_000, None),
    ("HTTP, hot wallet, batches of 1 000", "http-batch", "tx_s", ">=", 300_000, None),
    ("embedded, transfers between 2 wallets, none aborted", "transfers-hot", "tx_s", ">=", 200_000, None),
    ("embedded, transfers between 10 000 wallets, none aborted", "transfers-10k", "tx_s", ">=", 200_000, None),
    ("HTTP, flash sale of one item, times the hot wallet", "http-flash-sale", "tx_s", ">=", 0.9, "http-hot"),
    ("embedded, orders from a wallet", "orders", "tx_s", ">=", 50_000, None),
    ("200 bets of one player at once, the slowest in ms", "callbacks", "parallel_200_max_ms", "<=", 100, None),
    ("20 bets of one player at once, the slowest in ms", "callbacks", "parallel_20_max_ms", "<=", 100, None),
    ("a betting provider's door, times openssl's one core: RSA-2048", "callbacks", "rsa2048_ratio", ">=", 0.8, None),
    ("the same: ES256", "callbacks", "es256_ratio", ">=", 0.8, None),
    ("the same: RSA-4096", "callbacks", "rsa4096_ratio", ">=", 0.8, None),
    ("a cluster of one node, HTTP, hot wallet, times a server alone", "cluster-1-http", "tx_s", ">=", 0.98, "http-hot"),
    ("3 replicas, HTTP, hot wallet, times a server alone", "cluster-3-http", "tx_s", ">=", 0.6, "http-hot"),
    ("3 replicas, embedded, hot wallet, batches, times a process alone", "cluster-3-hot-batch", "tx_s", ">=", 0.4, "hot-batch"),
    ("3 replicas, the owner killed: most ms without service", "cluster-faults", "killed_max_ms", "<=", 3_000, None),
    ("3 replicas, the owner paused: most ms without service", "cluster-faults", "paused_max_ms", "<=", 3_000, None),
    ("3 replicas, handed over: most ms without service", "cluster-faults", "handed_over_max_ms", "<=", 200, None),
    ("a node that catches up, records/s", "cluster-catch-up", "records_s", ">=", 200_000, None),
    ("a console open under 10 000 changes/s, % of a core: overview and radar", "console", "figures_percent", "<=", 2, None),
    ("the same: its live log", "console", "live_log_percent", "<=", 2, None),
    ("recovery, records/s", "recovery", "records_s", ">=", 1_000_000, None),
    ("idle wallet in memory, bytes", "memory", "bytes_per_wallet", "<=", 2048, None),
]


# what both do, Tote's case, PostgreSQL's
PEERS = [
    ("transfers, 2 wallets; rows locked in order", "transfers-hot", "pg-transfer_ordered-2"),
    ("transfers, 2 wallets; SERIALIZABLE", "transfers-hot", "pg-transfer_serializable-2"),
    ("transfers, 10 000 wallets; rows locked in order", "transfers-10k", "pg-transfer_ordered-10000"),
    ("transfers, 10 000 wallets; SERIALIZABLE", "transfers-10k", "pg-transfer_serializable-10000"),
    ("flash sale, attempts", "flash-sale", "pg-flash_sale-1"),
    ("flash sale, attempts; Tote over HTTP", "http-flash-sale", "pg-flash_sale-1"),
    ("last seat, attempts", "last-seat", "pg-last_seat-10000"),
    ("orders", "orders", "pg-order-10000"),
]


def value_of(results, case, figure, divisor):
    if case not in results or (divisor and divisor not in results):
        return None
    value = results[case].median("p99_us") if figure == "p99_ms" else results[case].median(figure)
    if figure == "p99_ms" and value is not None:
        value /= 1000
    if divisor and value is not None:
        below = results[divisor].median()
        value = value / below if below else None
    return value


def judged(results):
    """(target, measured value or None, verdict, case when missed)."""
    for name, case, figure, relation, bound, divisor in TARGETS:
        value = value_of(results, case, figure, divisor)
        if value is None:
            yield name, relation, bound, None, "not measured", None
        elif (value >= bound) if relation == ">=" else (value <= bound):
            yield name, relation, bound, value, "yes", None
        else:
            off = abs(value - bound) / bound * 100
            shown = f"{off:.0f}" if off >= 1 else f"{off:.1f}"
            yield name, relation, bound, value, f"**no**: {'short' if relation == '>=' else 'over'} by {shown} %", case
