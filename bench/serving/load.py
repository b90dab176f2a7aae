"""Load: wrk for requests, sockets that only wait, bare Argon2id, and what a process takes."""
import os
import re
import resource
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import argon2.low_level


def pin(processes, core):
    """Keeps processes, and what they start from now on, on one core, with the priority that this one
    has among the sessions of the machine."""
    try:
        own = re.search(r'nice (-?\d+)', Path('/proc/self/autogroup').read_text())[1]
        for process in processes:
            Path(f'/proc/{process}/autogroup').write_text(own)
    except OSError:
        pass  # a kernel that has none, or leaves none to choose
    for process in processes:
        for thread in os.listdir(f'/proc/{process}/task'):
            os.sched_setaffinity(int(thread), {core})


def requests_per_second(*what, **how):
    count, took = requests(*what, **how)
    return count / took


def requests(url, headers, connections, seconds, meanwhile=None, post=None, core=None):
    """By wrk, from one thread; every answer must be a good one: how many there were, and in how many
    seconds. `meanwhile` is called ten times a second. `post`: a file with the body that each request
    sends; `core`: where wrk runs."""
    words = [] if core is None else ['taskset', '-c', str(core)]
    words += ['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--timeout', '20s']
    if post:
        words += ['-s', str(post_script(post))]
    for header in headers:
        words += ['-H', header]
    load = subprocess.Popen([*words, url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True)
    while meanwhile and load.poll() is None:
        meanwhile()
        time.sleep(0.1)
    said = load.communicate()[0]
    wrong = re.search(r'Non-2xx.*|Socket errors.*', said)
    count = re.search(r'(\d+) requests in ', said)
    rate = re.search(r'Requests/sec:\s+([\d.]+)', said)
    if load.returncode != 0 or wrong or not rate:
        raise RuntimeError(f'{url}: {wrong[0] if wrong else said}')
    return int(count[1]), int(count[1]) / float(rate[1])


def post_script(body):
    """For wrk, beside the body."""
    script = body.with_suffix('.lua')
    script.write_text(f"""wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = assert(io.open("{body}")):read("*a")
""")
    return script


def hashes_per_second(cost, seconds):
    """Argon2id at `cost` (memory in KiB, passes), on every core at once."""
    memory_kib, passes = cost
    end = time.monotonic() + seconds
    done = []

    def hash_on():
        while time.monotonic() < end:
            argon2.low_level.hash_secret_raw(
                b'correct horse battery', b'0123456789abcdef', time_cost=passes,
                memory_cost=memory_kib, parallelism=1, hash_len=32, type=argon2.Type.ID)
            done.append(1)
    started = time.monotonic()
    threads = [threading.Thread(target=hash_on) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / (time.monotonic() - started)


def processor_seconds(process):
    """That it has taken so far, its threads together, in the kernel too."""
    with open(f'/proc/{process}/stat') as stat:
        fields = stat.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def resident_mib(process):
    """Of a process and the children that it has now."""
    with open(f'/proc/{process}/task/{process}/children') as children:
        all_of_them = [process, *map(int, children.read().split())]
    total = 0
    for one in all_of_them:
        with open(f'/proc/{one}/status') as status:
            total += int(re.search(r'VmRSS:\s+(\d+) kB', status.read())[1])
    return total / 1024


def allow_descriptors(count):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < count:
        raise RuntimeError(f'{count} descriptors are needed, and {most} allowed')
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, most))


class Idle:
    """Connections that have asked once, and stay."""

    def __init__(self, server, count):
        allow_descriptors(count + 1000)
        self.server, self.count, self.sockets = server, count, []

    def __enter__(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        for _ in range(self.count):
            connection = socket.create_connection(('127.0.0.1', self.server.port), timeout=30)
            if self.server.scheme == 'https':
                connection = context.wrap_socket(connection)
            self.sockets.append(connection)
            if not self.ask(connection):
                raise RuntimeError('a connection was not served')
        return self

    def __exit__(self, *_):
        for connection in self.sockets:
            connection.close()

    def ask(self, connection):
        try:
            connection.sendall(f'GET /healthz HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n\r\n'
                               .encode())
            return connection.recv(4096).startswith(b'HTTP/1.1 200')
        except OSError:
            return False

    def alive(self):
        return sum(self.ask(connection) for connection in self.sockets)
