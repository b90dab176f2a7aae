"""Files over HTTPS: read against nginx, which serves the same bytes, and written against a copy on the same
disk; what an upload of 4 GiB takes in memory. Each server has one core, the load another. Beside the
wall's time stands the processor's, which says the same on a machine that others use too."""
import os
import re
import socket
import ssl
import statistics
import time

from load import pin, processor_seconds, requests
from nginx import Nginx
from scalign import Scalign

SMALL, LARGE = 1 << 10, 16 << 20
HUGE = 4 << 30
READERS = {SMALL: 32, LARGE: 2}  # at a time
WRITES = 8  # in a pass, each beside a copy
PIECE = 1 << 20
CORES = os.cpu_count() or 1


class Sender:
    """Sends bodies over one connection, whose answers are good ones."""

    def __init__(self, server, person):
        self.server, self.cookies = server, person.cookies()
        trusting = ssl._create_unverified_context()  # made for this run
        self.socket = trusting.wrap_socket(socket.create_connection(('127.0.0.1', server.port), 60))

    def put(self, path, size, piece):
        own = f'localhost:{self.server.port}'
        self.socket.sendall(f'PUT {path} HTTP/1.1\r\nHost: {own}\r\nOrigin: https://{own}\r\n'
                            f'Cookie: {self.cookies}\r\nContent-Type: application/octet-stream\r\n'
                            f'Content-Length: {size}\r\n\r\n'.encode())
        for _ in range(size // len(piece)):
            self.socket.sendall(piece)
        answer = b''
        while b'\r\n\r\n' not in answer:
            got = self.socket.recv(1 << 16)
            if not got:
                raise RuntimeError('the connection was closed')
            answer += got
        head, _, body = answer.partition(b'\r\n\r\n')
        left = int(re.search(rb'\r\ncontent-length: *(\d+)', head.lower())[1]) - len(body)
        while left > 0:
            left -= len(self.socket.recv(left))
        if not re.match(rb'HTTP/1.1 20[01]', head):
            raise RuntimeError(f'{path} answered {head.splitlines()[0].decode()}')

    def close(self):
        self.socket.close()


def files(directory, options):
    figures = {}
    with Scalign(directory / 'ours', ['--tls-self-signed']) as server, Nginx(directory) as peer:
        person = server.person(0)
        person.log_in()
        pin([server.process(), *peer.workers()], 0)
        os.sched_setaffinity(0, {CORES - 1})
        sender = Sender(server, person)
        for name, size in (('1 KiB', SMALL), ('16 MiB', LARGE)):
            content = os.urandom(size)
            (peer.files / str(size)).write_bytes(content)
            sender.put(f'/v1/files/{size}', size, content)
            figures |= read(server, person, peer, name, size, options)
        figures |= written(server, sender, directory, options)
        figures |= huge(server, sender)
        sender.close()
    return figures


def read(server, person, peer, name, size, options):
    session = [f'Cookie: {person.cookies()}']
    sides = ((server.url(f'/v1/files/{size}'), session, server.process()),
             (peer.url(size), [], peer.workers()[0]))
    rates, costs = ([], []), ([], [])
    for _ in range(options.passes):
        for (url, headers, process), rate, cost in zip(sides, rates, costs):
            before = processor_seconds(process)
            count, took = requests(url, headers, READERS[size], options.seconds, core=CORES - 1)
            rate.append(count / took)
            cost.append((processor_seconds(process) - before) / count)
    ours, theirs = map(statistics.median, rates)
    our_cost, their_cost = map(statistics.median, costs)
    return {f'{name} read with its session, a second': round(ours),
            f'nginx, a second, {name}': round(theirs),
            f'{name} read, processor time of each, us': round(our_cost * 1e6),
            f'nginx, processor time of each, us, {name}': round(their_cost * 1e6),
            f'{name} read against nginx (bar: {0.5 if size == SMALL else 0.6})':
                round(ours / theirs, 2),
            f'{name} read against nginx by processor time': round(their_cost / our_cost, 2)}


def written(server, sender, directory, options):
    """The copy is of a file that is in memory, by one process that syncs it."""
    content = os.urandom(LARGE)
    source = directory / 'source'
    source.write_bytes(content)
    ours, copies, costs = [], [], []
    for number in range(options.passes * WRITES):
        copies.append(copied(source, directory / 'ours/copy'))
        before, began = processor_seconds(server.process()), time.monotonic()
        sender.put('/v1/files/written', LARGE, content)
        ours.append(time.monotonic() - began)
        costs.append(processor_seconds(server.process()) - before)
        if number == 0:  # the first of each warms up
            ours.clear(), copies.clear(), costs.clear()
    return {'16 MiB written over HTTPS, ms': round(statistics.median(ours) * 1e3, 1),
            '16 MiB copied with fsync, ms': round(statistics.median(copies) * 1e3, 1),
            # Of a clock that counts in 10 ms: the mean says more than the median.
            '16 MiB written, processor time of the server, ms': round(statistics.mean(costs) * 1e3, 1),
            '16 MiB written against a copy (bar: 0.6)':
                round(statistics.median(c / o for c, o in zip(copies, ours)), 2)}


def copied(source, target):
    began = time.monotonic()
    with open(source, 'rb', buffering=0) as into, open(target, 'wb', buffering=0) as out:
        while piece := into.read(PIECE):
            out.write(piece)
        os.fsync(out.fileno())
    took = time.monotonic() - began
    target.unlink()
    return took


def huge(server, sender):
    process = server.process()
    with open(f'/proc/{process}/clear_refs', 'w') as refs:
        refs.write('5')  # the peak begins again: a login took its memory for a while
    before = status_mib(process, 'VmRSS')
    sender.put('/v1/files/huge', HUGE, os.urandom(PIECE))
    return {'4 GiB uploaded, MiB beyond what the server had (bar: < 20)':
                round(status_mib(process, 'VmHWM') - before, 1)}


def status_mib(process, what):
    with open(f'/proc/{process}/status') as status:
        return int(re.search(what + r':\s+(\d+) kB', status.read())[1]) / 1024
