"""What happens to the machines of a cluster: each fault is a context, and is over when it is left.

A fault says by its decorator whether clients may go unserved for longer than a fail-over takes while it lasts.
"""
import contextlib
import errno
import signal
import time

from machines import NUMBERS, make_certificate

FAULTS = {}  # name -> (context, seconds that it lasts, whether service may be away meanwhile)


def fault(seconds, may_stop=False):
    def add(function):
        FAULTS[function.__name__.replace("_", " ")] = (contextlib.contextmanager(function), seconds, may_stop)
        return function
    return add


def begin_again(node):
    """As a service manager would."""
    if not node.is_running():
        node.start()


def both_ways(one, others):
    return [way for other in others for way in ((one, other), (other, one))]


def rest_of(number):
    return [n for n in NUMBERS if n != number]


@fault((0.5, 4))
def owner_killed(cluster, random):
    owner = cluster.owner()
    owner.end()
    yield
    owner.start()


@fault((0.5, 4))
def backup_killed(cluster, random):
    node = random.choice(cluster.others(cluster.owner()))
    node.end()
    yield
    node.start()


@fault((0.3, 5))
def owner_stopped(cluster, random):
    owner = cluster.owner()
    owner.send(signal.SIGSTOP)
    yield
    owner.send(signal.SIGCONT)


@fault((0.3, 5))
def backup_stopped(cluster, random):
    node = random.choice(cluster.others(cluster.owner()))
    node.send(signal.SIGSTOP)
    yield
    node.send(signal.SIGCONT)


@fault((0.5, 8))
def owner_alone(cluster, random):
    owner = cluster.owner()
    cluster.move_etcd_leader(random.choice(rest_of(owner.number)))
    cluster.network.cut(both_ways(owner.number, rest_of(owner.number)))
    yield
    cluster.network.heal()


@fault((0.5, 8))
def owner_with_the_leader_of_etcd_alone(cluster, random):
    owner = cluster.owner()
    cluster.move_etcd_leader(owner.number)
    cluster.network.cut(both_ways(owner.number, rest_of(owner.number)))
    yield
    cluster.network.heal()


@fault((0.5, 8))
def backup_alone(cluster, random):
    node = random.choice(cluster.others(cluster.owner()))
    cluster.network.cut(both_ways(node.number, rest_of(node.number)))
    yield
    cluster.network.heal()


@fault((0.5, 6))
def owner_and_one_backup_apart(cluster, random):
    """Each hears the third, and etcd's majority."""
    owner = cluster.owner()
    cluster.network.cut(both_ways(owner.number, [random.choice(rest_of(owner.number))]))
    yield
    cluster.network.heal()


@fault((0.5, 6))
def owner_heard_by_nobody(cluster, random):
    """Nor is etcd's leader, now and then."""
    owner = cluster.owner()
    if random.random() < 0.5:
        cluster.move_etcd_leader(owner.number)
    cluster.network.cut([(owner.number, other) for other in rest_of(owner.number)])
    yield
    cluster.network.heal()


@fault((0.5, 6))
def owner_hears_nobody(cluster, random):
    owner = cluster.owner()
    if random.random() < 0.5:
        cluster.move_etcd_leader(owner.number)
    cluster.network.cut([(other, owner.number) for other in rest_of(owner.number)])
    yield
    cluster.network.heal()


@fault((0.5, 6))
def one_way_between_owner_and_a_backup(cluster, random):
    way = [cluster.owner().number]
    way.insert(random.randrange(2), random.choice(rest_of(way[0])))
    cluster.network.cut([tuple(way)])
    yield
    cluster.network.heal()


@fault((1, 5), may_stop=True)
def packets_lost(cluster, random):
    """TCP itself waits for a second and more where one of three packets is lost."""
    cluster.network.lose(random.choice(NUMBERS), random.choice((5, 20, 40)))
    yield
    cluster.network.heal()


@fault((1, 5))
def network_slow(cluster, random):
    cluster.network.slow(random.choice(NUMBERS), random.choice((256, 1_000, 4_000)))
    yield
    cluster.network.heal()


@fault((1, 5))
def disk_slow(cluster, random):
    node = random.choice(cluster.nodes)
    node.set_control(sync_delay_ms=random.choice((20, 100, 400, 1_500)))
    yield
    node.set_control()


@fault((1, 4))
def disk_of_a_backup_full(cluster, random):
    """RocksDB has taken room for its log beforehand: so a start of it meets the full disk first, now and then."""
    node = random.choice(cluster.others(cluster.owner()))
    node.fill_disk()
    if random.random() < 0.7:
        node.end()
        node.start()
    yield
    node.free_disk()
    time.sleep(0.3)  # what met the full disk is ending
    begin_again(node)


@fault((0.5, 3))
def disk_failing(cluster, random):
    node = random.choice(cluster.nodes)
    node.set_control(disk_error=random.choice((errno.EIO, errno.ENOSPC)))
    yield
    node.set_control()
    time.sleep(0.3)
    begin_again(node)


@fault((0.5, 3))
def clock_jumps(cluster, random):
    """Of one machine, back or ahead, and at last back again; the owner hands over or dies meanwhile, now and then."""
    node = random.choice(cluster.nodes)
    node.set_control(clock_offset_s=random.choice((-7 * 86_400, -60, 5, 60, 1_800, 7_200)))
    yield
    if random.random() < 0.5:
        owner = cluster.owner()
        if owner is not None:
            owner.end()
            owner.start()
            time.sleep(2)
    node.set_control()


@fault((1, 6))
def etcd_away(cluster, random):
    """The owner goes on: nothing about who is what has to change."""
    for each in cluster.members:
        each.send(signal.SIGSTOP)
    yield
    for each in cluster.members:
        each.send(signal.SIGCONT)


@fault((2, 5), may_stop=True)
def etcd_away_and_a_backup_too(cluster, random):
    """Nobody can say that the backup isn't waited for: changes wait until etcd is back."""
    for each in cluster.members:
        each.send(signal.SIGSTOP)
    node = random.choice(cluster.others(cluster.owner()))
    node.end()
    yield
    node.start()
    for each in cluster.members:
        each.send(signal.SIGCONT)


@fault((0.5, 3))
def etcd_killed(cluster, random):
    for each in cluster.members:
        each.end()
    yield
    for each in cluster.members:
        each.start()


@fault((0.5, 3))
def leader_of_etcd_killed(cluster, random):
    leader = cluster.etcd_leader()
    leader.end()
    yield
    leader.start()


@fault((0.5, 4))
def machine_of_the_owner_dies(cluster, random):
    """With its etcd, which led."""
    owner = cluster.owner()
    cluster.move_etcd_leader(owner.number)
    member = cluster.members[owner.number - 1]
    cluster.network.cut(both_ways(owner.number, rest_of(owner.number)))  # a dead machine sends no FIN
    owner.end()
    member.end()
    yield
    cluster.network.heal()
    member.start()
    owner.start()


@fault((0.2, 0.5))
def node_restarted(cluster, random):
    node = random.choice(cluster.nodes)
    node.end(signal.SIGTERM)
    node.start()
    yield


@fault((0.2, 0.5))
def log_handed_over(cluster, random):
    owner = cluster.owner()
    cluster.transfer(random.choice(cluster.others(owner)))
    yield


@fault((0.2, 0.5))
def all_restarted_one_by_one(cluster, random):
    for node in cluster.nodes:
        cluster.wait_for_all()
        node.end(signal.SIGTERM)
        node.start()
    yield


@fault((0.2, 1))
def certificates_renewed(cluster, random):
    """SIGHUP reads them; what connects afterwards shows the new ones."""
    for node in cluster.nodes:
        make_certificate(cluster.directory, node.directory, node.name)
        node.send(signal.SIGHUP)
    yield
    node = random.choice(cluster.nodes)
    node.end()
    node.start()


@fault((0.5, 3), may_stop=True)
def all_killed(cluster, random):
    for node in cluster.nodes:
        node.end()
    yield
    for node in cluster.nodes:
        node.start()
