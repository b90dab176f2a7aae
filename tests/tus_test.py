"""Uploads in several requests, by tus-js-client and by the command line: killed in the middle, they go on."""
import hashlib
import json
import os
import socket
import subprocess
import time
import unittest
import urllib.request

from signed_up import HERE, SCALIGN, TOP, SignedUp

MiB = 1 << 20


def node_environment():
    """With the Node of the lock file before any other."""
    found = [str(node.parent) for node in (TOP / 'node_modules').glob('node-linux-*/bin/node')]
    return {**os.environ, 'PATH': os.pathsep.join([*found, os.environ['PATH']])}


class Tus(SignedUp):
    def setUp(self):
        super().setUp()
        self.token, self.token_id = self.token_for('files:read', 'files:write')

    def tus(self, method, path, body=None, headers=()):
        return self.ask(method, path, body, {'Authorization': f'Bearer {self.token}',
                                             'Tus-Resumable': '1.0.0', **dict(headers)})

    def made(self, size):
        file = self.directory / 'photo.jpg'
        block = hashlib.shake_256(b'tus').digest(MiB)
        with open(file, 'wb') as out:
            for at in range(0, size, MiB):
                out.write((at.to_bytes(8, 'big') + block)[:min(MiB, size - at)])
        return file

    def client(self, file, path, chunk):
        return subprocess.Popen(
            ['node', str(HERE / 'tus' / 'upload.mjs'), self.url, self.token, str(file), path, str(chunk)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=node_environment(), cwd=TOP)

    def kept(self, path):
        status, headers, body = self.tus('GET', f'/v1/files/{path}')
        self.assertEqual(status, 200)
        self.assertEqual(headers['Content-Type'], 'image/jpeg')
        return hashlib.sha256(body).hexdigest()

    def test_goes_on_after_the_server_was_killed(self):
        file = self.made(24 * MiB + 12345)
        client = self.client(file, 'Pictures/Nordfjord.jpg', 2 * MiB)
        said = []
        for line in client.stdout:
            said.append(line.strip())
            if line.startswith('at ') and int(line.split()[1]) >= 6 * MiB and self.server.process:
                if not any(one == 'killed' for one in said):
                    self.server.kill()
                    self.server.start()
                    said.append('killed')
        client.stdout.close()
        self.assertEqual(client.wait(60), 0, said)
        self.assertIn('killed', said)
        self.assertTrue(said[-1].startswith('done '), said)
        self.assertEqual(self.kept('Pictures/Nordfjord.jpg'), hashlib.sha256(file.read_bytes()).hexdigest())

    def test_what_was_acknowledged_is_there_after_a_kill_in_one_request(self):
        """One PATCH of a large file: it is made durable while it comes."""
        status, headers, _ = self.tus('POST', '/v1/uploads', headers={
            'Upload-Length': str(100 * MiB), 'Upload-Metadata': 'path YmlnLmJpbg=='})
        self.assertEqual(status, 201)
        place = headers['Location']

        def half_and_a_kill():
            for _ in range(70):
                yield bytes(MiB)
            self.server.kill()
            yield bytes(MiB)
        with self.assertRaises(OSError):
            urllib.request.urlopen(urllib.request.Request(
                self.url + place, half_and_a_kill(), {
                    'Authorization': f'Bearer {self.token}', 'Tus-Resumable': '1.0.0',
                    'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream',
                    'Content-Length': str(100 * MiB)}, method='PATCH'), timeout=60)
        self.server.start()
        status, headers, _ = self.tus('HEAD', place)
        self.assertEqual(status, 200)
        offset = int(headers['Upload-Offset'])
        self.assertGreaterEqual(offset, 32 * MiB)
        status, headers, body = self.tus('PATCH', place, bytes(100 * MiB - offset), {
            'Upload-Offset': str(offset), 'Content-Type': 'application/offset+octet-stream'})
        self.assertEqual(status, 204, body)
        status, _, body = self.tus('GET', '/v1/files/big.bin')
        self.assertEqual((status, len(body), body.count(0)), (200, 100 * MiB, 100 * MiB))

    def test_a_token_that_is_revoked_meanwhile_ends_no_upload(self):
        _, headers, _ = self.tus('POST', '/v1/uploads', headers={
            'Upload-Length': '10', 'Upload-Metadata': 'path YS50eHQ='})
        place = headers['Location']

        def slowly():
            yield b'12345'
            status, _, body = self.ask('DELETE', f'/v1/tokens/{self.token_id}', headers={'Cookie': self.cookie})
            self.assertEqual(status, 204, body)
            yield b'67890'
        status, _, body = self.tus('PATCH', place, slowly(), {
            'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream', 'Content-Length': '10'})
        self.assertEqual(status, 401, body)
        status, _, _ = self.ask('GET', '/v1/files/a.txt', headers={'Cookie': self.cookie})
        self.assertEqual(status, 404)

    def command(self, *words):
        return subprocess.Popen([SCALIGN, *words], cwd=self.directory, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True,
                                env={**os.environ, 'XDG_CONFIG_HOME': str(self.directory / 'config')})

    def runs(self, *words):
        command = self.command(*words)
        said, _ = command.communicate(timeout=120)
        self.assertEqual((command.returncode, said), (0, ''), words)

    def log_in(self):
        token = self.directory / 'token'
        token.touch(0o600)
        token.write_text(self.token)
        command = self.command('login', self.url, '--token-file', 'token')
        said, _ = command.communicate(timeout=60)
        self.assertEqual(command.returncode, 0, said)

    def begun(self):
        """The ids of the uploads that the command line remembers."""
        return [file.read_text() for file in (self.directory / 'config/scalign/uploads').glob('*')]

    def underway(self, command, size):
        """Waits until so much of an upload is at the server; its id."""
        end = time.monotonic() + 60
        while time.monotonic() < end and command.poll() is None:
            kept = sum(file.stat().st_size for file in (self.server.data / 'content').rglob('*') if file.is_file())
            if kept >= size and self.begun():
                return self.begun()[0]
            time.sleep(0.005)
        raise AssertionError(f'it was never in the middle: {command.communicate()}')

    def test_the_command_line_goes_on_when_it_was_killed(self):
        self.log_in()
        file = self.made(384 * MiB + 12345)
        killed = self.command('put', str(file), 'Pictures/')
        upload = self.underway(killed, 70 * MiB)
        killed.kill()
        killed.communicate()
        status, headers, _ = self.tus('HEAD', f'/v1/uploads/{upload}')
        self.assertEqual(status, 200)
        self.assertGreaterEqual(int(headers['Upload-Offset']), 64 * MiB)
        self.assertLess(int(headers['Upload-Offset']), file.stat().st_size)
        self.assertEqual(self.tus('GET', '/v1/files/Pictures/photo.jpg')[0], 404)
        # What is kept here tells nothing of what is sent where, to whoever reads it.
        place, = (self.directory / 'config/scalign/uploads').glob('*')
        self.assertRegex(place.name, '^[0-9a-f]{64}$')
        self.assertEqual((place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777), (0o600, 0o700))
        self.runs('put', str(file), 'Pictures/')
        self.assertEqual(self.kept('Pictures/photo.jpg'), hashlib.sha256(file.read_bytes()).hexdigest())
        _, headers, _ = self.tus('HEAD', f'/v1/uploads/{upload}')
        self.assertEqual(headers['Upload-Offset'], headers['Upload-Length'], 'it was another upload')
        self.assertEqual(self.begun(), [])

    def test_the_command_line_goes_on_when_the_server_was_killed(self):
        self.log_in()
        tree = self.directory / 'tree' / 'Pictures'
        tree.mkdir(parents=True)
        (tree.parent / 'a.txt').write_text('small')
        file = self.made(384 * MiB + 12345).rename(tree / 'photo.jpg')
        command = self.command('put', 'tree', '/')
        upload = self.underway(command, 70 * MiB)
        self.server.kill()
        self.assertIsNone(command.poll())
        self.server.start()
        said, _ = command.communicate(timeout=120)
        self.assertEqual((command.returncode, said), (0, ''))
        self.assertEqual(self.kept('tree/Pictures/photo.jpg'), hashlib.sha256(file.read_bytes()).hexdigest())
        self.assertEqual(self.tus('GET', '/v1/files/tree/a.txt')[2], b'small')
        _, headers, _ = self.tus('HEAD', f'/v1/uploads/{upload}')
        self.assertEqual(headers['Upload-Offset'], headers['Upload-Length'], 'it was another upload')

    def test_the_command_line_replaces_nothing_that_came_meanwhile(self):
        self.log_in()
        file = self.made(192 * MiB)
        command = self.command('put', str(file), 'Pictures/')
        self.underway(command, 40 * MiB)
        status, _, body = self.tus('PUT', '/v1/files/Pictures/photo.jpg', b'mine')
        self.assertEqual(status, 201, body)
        said, _ = command.communicate(timeout=120)
        self.assertEqual(command.returncode, 1, said)
        self.assertIn('it is there already; --force replaces it', said)
        self.assertEqual(self.tus('GET', '/v1/files/Pictures/photo.jpg')[2], b'mine')
        self.runs('put', '--force', str(file), 'Pictures/')
        self.assertEqual(self.kept('Pictures/photo.jpg'), hashlib.sha256(file.read_bytes()).hexdigest())

    def part_begun(self, place, offset, length):
        """A connection that has begun a part, sent half of it, and says nothing more."""
        line = socket.create_connection(('127.0.0.1', self.server.port), timeout=60)
        self.addCleanup(line.close)
        line.sendall((f'PATCH {place} HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n'
                      f'Origin: {self.url}\r\nAuthorization: Bearer {self.token}\r\n'
                      f'Tus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Length: {length}\r\n'
                      'Content-Type: application/offset+octet-stream\r\n\r\n').encode() + bytes(length // 2))
        return line

    def taken_over(self, goes_on):
        _, headers, _ = self.tus('POST', '/v1/uploads', headers={
            'Upload-Length': str(4 * MiB), 'Upload-Metadata': 'path YS5iaW4='})
        place = headers['Location']
        line = self.part_begun(place, 0, 2 * MiB)
        time.sleep(0.5)
        begin = time.monotonic()
        goes_on(line)
        status, headers, _ = self.tus('HEAD', place)
        self.assertEqual((status, headers['Upload-Offset']), (200, str(MiB)))
        status, headers, body = self.tus('PATCH', place, bytes(3 * MiB), {
            'Upload-Offset': str(MiB), 'Content-Type': 'application/offset+octet-stream'})
        self.assertEqual(status, 204, body)
        self.assertLess(time.monotonic() - begin, 8)
        status, _, body = self.tus('GET', '/v1/files/a.bin')
        self.assertEqual((status, len(body)), (200, 4 * MiB))
        return line

    def test_goes_on_at_once_after_a_peer_that_went_without_a_word(self):
        line = self.taken_over(lambda line: None)
        self.assertIn(b' 409 ', line.recv(4096).partition(b'\r\n')[0])

    def test_goes_on_at_once_after_a_connection_was_closed(self):
        self.taken_over(lambda line: line.close())

    def test_two_parts_at_a_time_end_the_first(self):
        _, headers, _ = self.tus('POST', '/v1/uploads', headers={
            'Upload-Length': str(4 * MiB), 'Upload-Metadata': 'path Yi5iaW4='})
        place = headers['Location']
        self.part_begun(place, 0, 2 * MiB)
        time.sleep(0.5)
        begin = time.monotonic()
        status, _, body = self.tus('PATCH', place, b'12345', {
            'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream'})
        self.assertEqual(status, 409, body)
        self.assertLess(time.monotonic() - begin, 8)
        status, _, body = self.tus('GET', '/v1/uploads')
        self.assertEqual([one['offset'] for one in json.loads(body)['uploads']], [MiB])


if __name__ == '__main__':
    unittest.main()
