"""Disks that are lost for good, and nodes that were away until the log had left them: whoever comes is filled.

An operator does what docs/operations.md says: `tote cluster remove`, a new name, an empty directory. Logs are trimmed
before, so that nothing but an image helps; where no clock can be set they aren't, and the node catches up instead.
"""
import time

from faults import both_ways, fault
from machines import NUMBERS

FILL_KBIT = (8_000, 16_000, 40_000)  # of the line to the one that is filled: an image of megabytes takes seconds


def lose(cluster, random, node):
    """Started, and the lost one is removed, one before the other. Who came in its place."""
    successor = cluster.replace(node)
    steps = [successor.start, lambda: cluster.operate("remove", node.name)]
    for step in random.sample(steps, 2):
        step()
    cluster.notes.append(f"{successor.name} for {node.name}")
    return successor


def trimmed(cluster):
    """Whether a new node will be filled."""
    return cluster.until_trimmed(1)


def lose_slowly(cluster, random, node):
    """(who came in its place, whether it is in the middle of being filled)"""
    is_trimmed = trimmed(cluster)
    cluster.network.slow(node.number, random.choice(FILL_KBIT))
    successor = lose(cluster, random, node)
    return successor, is_trimmed and in_the_middle(cluster, successor, random.random() * 0.6)


def in_the_middle(cluster, node, share, timeout_s=30):
    """Until so much of its image has come. False: all of it has, or it needs none."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until and node.is_running():
        come, whole = node.fill() or (0, 0)
        if come > share * whole and come < whole:
            cluster.notes.append(f"{come / whole:.0%} of {whole / 1e6:.1f} MB")
            return True
        owner = cluster.owner()
        if owner is not None and node.name in owner.status().get("isr", []):
            break
        time.sleep(0.005)
    cluster.notes.append("not caught in the middle")
    return False


def takes_over(cluster, node):
    """All in sync; and what it was given is enough to own the log."""
    cluster.network.heal()
    cluster.wait_for_all(90)
    cluster.transfer(node)
    owner = cluster.wait_for_all()
    if owner is not node:
        raise RuntimeError(f"the log was handed to {node.name}, and {owner.name} owns it")


@fault((0.2, 3))
def machine_lost(cluster, random):
    trimmed(cluster)
    successor = lose(cluster, random, random.choice(cluster.nodes))
    yield
    takes_over(cluster, successor)


@fault((0.2, 3), may_stop=True)
def owner_killed_while_it_fills(cluster, random):
    """Two hold all that was acknowledged, and one of them is down: nothing is acknowledged until the third has it."""
    successor, _ = lose_slowly(cluster, random, random.choice(cluster.others(cluster.owner())))
    owner = cluster.owner() or cluster.others(successor)[0]
    owner.end()
    yield
    owner.start()
    takes_over(cluster, successor)


@fault((0.2, 2))
def filled_node_killed(cluster, random):
    """Again and again: what has come whole isn't sent again."""
    successor, is_in_the_middle = lose_slowly(cluster, random, random.choice(cluster.others(cluster.owner())))
    for _ in range(random.randint(1, 3)):
        successor.end()
        successor.start()
        if is_in_the_middle:
            in_the_middle(cluster, successor, random.random() * 0.8, timeout_s=5)
    yield
    takes_over(cluster, successor)


@fault((0.5, 8))
def filled_node_cut_off(cluster, random):
    """From its giver, or from everybody; both ways or one."""
    successor, _ = lose_slowly(cluster, random, random.choice(cluster.others(cluster.owner())))
    owner = cluster.owner()
    cut_from = [owner.number] if random.random() < 0.5 else [n for n in NUMBERS if n != successor.number]
    ways = both_ways(successor.number, cut_from)
    cluster.network.cut(random.choice((ways, ways[::2], ways[1::2])))
    yield
    takes_over(cluster, successor)


@fault((0.2, 3))
def log_handed_over_while_it_fills(cluster, random):
    successor, _ = lose_slowly(cluster, random, random.choice(cluster.nodes))
    owner = cluster.owner()
    cluster.transfer(next(each for each in cluster.others(successor) if each is not owner))
    yield
    takes_over(cluster, successor)


@fault((1, 4))
def disk_full_while_it_is_filled(cluster, random):
    """It says so, or ends as any node does whose disk is full; and tries again."""
    successor, _ = lose_slowly(cluster, random, random.choice(cluster.others(cluster.owner())))
    successor.fill_disk()
    yield
    successor.free_disk()
    time.sleep(0.3)  # what met the full disk is ending
    if not successor.is_running():
        successor.start()
    takes_over(cluster, successor)


@fault((0.2, 2), may_stop=True)
def two_machines_lost(cluster, random):
    """The second while the first one's successor is filled: the third has all that was acknowledged."""
    first, _ = lose_slowly(cluster, random, random.choice(cluster.nodes))
    second = lose(cluster, random, random.choice(cluster.others(first)))
    yield
    takes_over(cluster, random.choice((first, second)))


@fault((0.2, 2))
def node_away_until_the_log_has_left_it(cluster, random):
    """It comes back under its own name, now and then as one that was removed and is added again."""
    node = random.choice(cluster.others(cluster.owner()))
    last = node.lsn()
    node.end()
    is_removed = random.random() < 0.3
    if is_removed:
        cluster.operate("remove", node.name)
    cluster.ballast.add(2)
    cluster.until_trimmed(last + 1)
    if is_removed:
        cluster.operate("add", node.name)
    cluster.network.slow(node.number, random.choice(FILL_KBIT))
    node.start()
    if cluster.has_clock and in_the_middle(cluster, node, random.random() * 0.6) and random.random() < 0.5:
        node.end()
        node.start()
    yield
    takes_over(cluster, node)
