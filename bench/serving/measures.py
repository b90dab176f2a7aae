"""The measures themselves: what is run against what, and the figures that come of it."""
import json
import os
import statistics
import threading
import time

from load import Idle, hashes_per_second, pin, resident_mib, requests_per_second
from parse import ParseServer
from scalign import Scalign

PEOPLE = 24  # each may log in thirty times an hour
AT_ONCE = 8  # more than that are told to come back
CONNECTIONS = 32
CLIENTS = 64  # that create and read records
IDLE, BUSY = 5000, 500
CORES = os.cpu_count() or 1


def passes(options, *measures):
    """The medians of measures that take turns, so that all see the same machine."""
    seen = [[] for _ in measures]
    for _ in range(options.passes):
        for into, measure in zip(seen, measures):
            into.append(measure())
    return [statistics.median(values) for values in seen]


def logins(directory, options):
    with Scalign(directory) as server:
        people = [server.person(i) for i in range(PEOPLE)]
        cost, takes_seconds = server.password_cost()
        served, bare = passes(options, lambda: logins_per_second(people, options.seconds),
                              lambda: hashes_per_second(cost, options.seconds))
    return {'logins a second': round(served, 1), 'bare Argon2id a second, one thread a core': round(bare, 1),
            'logins against cores / the time of one hash (bar: 0.9)':
                round(served * takes_seconds / CORES, 2),
            'logins against bare Argon2id': round(served / bare, 2)}


def logins_per_second(people, seconds):
    """AT_ONCE callers, each with people of its own."""
    end = time.monotonic() + seconds
    done, wrong = [], []

    def call(own):
        turn = 0
        while time.monotonic() < end:
            status = own[turn % len(own)].log_in()
            (done if status == 200 else wrong).append(status)
            turn += 1
    started = time.monotonic()
    callers = [threading.Thread(target=call, args=(people[i::AT_ONCE],)) for i in range(AT_ONCE)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    if wrong:
        raise RuntimeError(f'{len(wrong)} logins were refused, the first with {wrong[0]}')
    return len(done) / (time.monotonic() - started)


def reads(directory, options):
    """The peer runs while ours is asked and the other way about: idle, both cost nothing."""
    with Scalign(directory) as server, ParseServer(directory) as peer:
        person = server.person(0)
        person.log_in()
        session = peer.session()

        def rate(url, headers=()):
            return requests_per_second(url, headers, CONNECTIONS, options.seconds)
        account, health, theirs = passes(
            options, lambda: rate(server.url('/v1/account'), [f'Cookie: {person.cookies()}']),
            lambda: rate(server.url('/healthz')), lambda: rate(peer.url('sessions/me'), session))
    return {'account read with its session, a second': round(account),
            '/healthz, a second': round(health),
            "Parse Server's session read, a second": round(theirs),
            'account read against /healthz (bar: 0.5)': round(account / health, 2),
            'account read against Parse Server (bar: 10)': round(account / theirs, 1)}


def records(directory, options):
    """Records of about a kibibyte, created durably by 64 clients, and read. Each server has one core
    for all that it needs (the peer's for its PostgreSQL too), wrk has another."""
    document = {'number': 1001, 'customer': 'Synnove Fiskersen', 'total': 1250.5,
                'lines': [{'sku': f'sku-{n}', 'name': 'A wooden boat', 'price': 12.5} for n in range(18)]}
    mine, their_own = directory / 'mine.json', directory / 'theirs.json'
    mine.write_text(json.dumps({'document': document}))
    their_own.write_text(json.dumps(document))
    wrk_core = CORES - 1
    with Scalign(directory) as server, ParseServer(directory) as peer:
        pin([server.process(), *peer.all_processes()], 0)
        person = server.person(0)
        person.log_in()
        person.put('/v1/collections/orders', {})
        person.put('/v1/collections/orders/records/1', {'document': document})
        session = [f'Cookie: {person.cookies()}', f'Origin: {server.origin()}']
        place = peer.make('Order', document)

        def rate(url, headers, clients, post=None):
            return requests_per_second(url, headers, clients, options.seconds, post=post, core=wrk_core)
        orders, theirs = server.url('/v1/collections/orders/records'), peer.url('classes/Order')
        created, got, they_created, they_got = passes(
            options, lambda: rate(orders, session, CLIENTS, mine),
            lambda: rate(f'{orders}/1', session, CLIENTS),
            lambda: rate(theirs, peer.application(), CLIENTS, their_own),
            lambda: rate(f'{theirs}/{place}', peer.application(), CLIENTS))
    return {'records created, durably, a second': round(created),
            "Parse Server's objects created, a second": round(they_created),
            'records read, a second': round(got),
            "Parse Server's objects read, a second": round(they_got),
            'records created against Parse Server (bar: 8)': round(created / they_created, 1),
            'records read against Parse Server (bar: 25)': round(got / they_got, 1)}


def memory(directory, options):
    figures = {}
    for name, tls in (('plain', ()), ('TLS', ('--tls-self-signed',))):
        with Scalign(directory / name, tls) as server:
            person = server.person(0)
            person.log_in()
            with Idle(server, IDLE) as idle:
                idle.alive()  # whoever says nothing for a minute is let go
                alone = resident_mib(server.process())
                peak = [alone]
                requests_per_second(server.url('/v1/account'), [f'Cookie: {person.cookies()}'], BUSY,
                                    options.seconds,
                                    meanwhile=lambda: peak.append(resident_mib(server.process())))
                if (alive := idle.alive()) != IDLE:
                    raise RuntimeError(f'{IDLE - alive} of the idle connections were closed')
        figures[f'{name}: MiB with {IDLE} idle'] = round(alone)
        figures[f'{name}: MiB with {BUSY} busy as well (bar: < 400)'] = round(max(peak))
    return figures
