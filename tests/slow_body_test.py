"""What is long on its way: whoever is taken out meanwhile changes nothing more, and nobody is kept waiting."""
import json
import socket
import threading
import time
import unittest

from signed_up import PASSWORD, SignedUp

SCOPES = ('files:read', 'files:write', 'records:read', 'records:write')
OLA = 'ola@example.com'
LONG = 20_000  # bytes; what is shorter is read before anything is looked at
PLACES = 64  # for bodies that are long in coming


class SlowBody(SignedUp):
    def setUp(self):
        super().setUp()
        for body in (b'first', b'second'):
            self.hers('PUT', '/v1/files/letter.txt', body)
        self.hers('PUT', '/v1/files/old.txt', b'old')
        self.hers('DELETE', '/v1/files/old.txt')
        self.hers('PUT', '/v1/collections/orders', {})
        self.hers('PUT', '/v1/collections/orders/records/1', {'document': {'n': 1}, 'subject': 'customer 7'})
        version = self.told('/v1/versions/letter.txt')['versions'][0]['version']
        trashed = self.told('/v1/trash')['items'][0]['id']
        put = {'document': {'n': 2}}
        self.calls = [
            ('POST', '/v1/shares', {'path': 'letter.txt'}),
            ('POST', '/v1/shares', {'path': 'letter.txt', 'password': 'trawlers and more'}),
            ('POST', '/v1/workspace/move', {'from': 'letter.txt', 'to': 'moved.txt'}),
            ('POST', '/v1/workspace/copy', {'from': 'letter.txt', 'to': 'copied.txt'}),
            ('POST', f'/v1/trash/{trashed}/restore', {}),
            ('POST', '/v1/versions/letter.txt', {'version': version}),
            ('PUT', '/v1/collections/more', {}),
            ('PUT', '/v1/collections/orders/records/1', put),
            ('POST', '/v1/collections/orders/records', put),
            ('POST', '/v1/records/batch', {'changes': [{'collection': 'orders', 'id': '1', **put}]}),
        ]

    def hers(self, method, path, body=None):
        status, _, body = self.ask(method, path, body, {'Cookie': self.cookie})
        self.assertLess(status, 300, body)
        return body

    def told(self, path):
        return json.loads(self.hers('GET', path))

    def all_there_is(self):
        versions = self.told('/v1/versions/letter.txt')['versions']
        return [self.told(path) for path in (
            '/v1/files/', '/v1/shares', '/v1/trash', '/v1/collections', '/v1/collections/orders/records')], versions

    def begun(self, method, path, *headers):
        """A connection on which a request has begun whose body is still to come."""
        line = socket.create_connection(('127.0.0.1', self.server.port), timeout=60)
        self.addCleanup(line.close)
        line.sendall('\r\n'.join([f'{method} {path} HTTP/1.1', f'Host: localhost:{self.server.port}',
                                  f'Origin: {self.url}', 'Expect: 100-continue', 'Connection: close',
                                  *headers, '', '']).encode())
        return line

    def asked_meanwhile(self, call, credentials, meanwhile):
        """The status of a call whose body comes after `meanwhile`, once the server has begun to wait for it."""
        method, path, body = call
        body = json.dumps(body).encode().ljust(LONG)
        with self.begun(method, path, credentials, 'Content-Type: application/json',
                        f'Content-Length: {len(body)}') as line:
            said = line.recv(4096)
            self.assertTrue(said.startswith(b'HTTP/1.1 100 '), said)
            meanwhile()
            line.sendall(body)
            answer = b''.join(iter(lambda: line.recv(65536), b''))
        return int(answer.split()[1])

    def test_of_a_token_that_is_revoked_meanwhile_change_nothing(self):
        before = self.all_there_is()
        for call in self.calls:
            with self.subTest(call=call):
                token, token_id = self.token_for(*SCOPES)
                status = self.asked_meanwhile(call, f'Authorization: Bearer {token}',
                                              lambda id=token_id: self.hers('DELETE', f'/v1/tokens/{id}'))
                self.assertEqual(status, 401)
                self.assertEqual(self.all_there_is(), before)

    def test_of_a_member_who_is_made_a_reader_or_taken_out_meanwhile_change_nothing(self):
        self.hers('POST', '/v1/invitations', {'email': OLA, 'role': 'member'})
        status, _, body = self.ask('POST', '/v1/invitations/signup', {
            'token': self.mailed(OLA), 'legal_name': 'Ola', 'password': PASSWORD,
            'adult_professional': True, 'terms': '1', 'notice': '1'})
        self.assertEqual(status, 201, body)
        credentials = f'Cookie: {self.log_in_as(OLA)}'
        member, = (one['id'] for one in self.told('/v1/members')['members'] if not one['self'])
        before = self.all_there_is()
        share, move = self.calls[0], self.calls[2]
        self.assertEqual(403, self.asked_meanwhile(
            share, credentials, lambda: self.hers('PUT', f'/v1/members/{member}', {'role': 'reader'})))
        self.hers('PUT', f'/v1/members/{member}', {'role': 'member'})
        self.assertEqual(401, self.asked_meanwhile(
            move, credentials, lambda: self.hers('DELETE', f'/v1/members/{member}')))
        self.assertEqual(self.all_there_is(), before)

    def test_a_copy_that_is_under_way_ends_with_the_token(self):
        many = 400
        for number in range(many):
            self.hers('PUT', f'/v1/files/many/{number}', b'')
        token, token_id = self.token_for(*SCOPES)
        answers = []
        copy = threading.Thread(target=lambda: answers.append(self.ask(
            'POST', '/v1/workspace/copy', {'from': 'many', 'to': 'copied'}, {'Authorization': f'Bearer {token}'})))
        copy.start()
        while 'copied' not in self.hers('GET', '/v1/files/').decode() and copy.is_alive():
            time.sleep(0.01)
        self.hers('DELETE', f'/v1/tokens/{token_id}')
        copied = self.told('/v1/files/copied/?limit=1000')['entries']
        copy.join()
        self.assertEqual(answers[0][0], 401, answers)
        self.assertLess(len(copied), many, 'it was under way')
        self.assertEqual(self.told('/v1/files/copied/?limit=1000')['entries'], copied, 'nothing came after')

    def test_of_whoever_may_still_do_what_they_say(self):
        token, _ = self.token_for(*SCOPES)
        for call in self.calls[:2] + self.calls[6:]:
            with self.subTest(call=call):
                self.assertIn(self.asked_meanwhile(call, f'Authorization: Bearer {token}', lambda: None), (200, 201))

    def test_of_one_account_leave_room_for_others(self):
        held = 0
        for number in range(PLACES):
            line = self.begun('PUT', f'/v1/files/{number}', f'Cookie: {self.cookie}', f'Content-Length: {LONG}')
            said = line.recv(4096)
            if b' 100 ' not in said:
                break
            held += 1
        self.assertEqual(held, PLACES // 2)
        self.assertIn(b'HTTP/1.1 503 ', said)
        self.assertIn(b'Retry-After: 1', said)
        self.assertIn(b'/problems/unavailable', said)
        # So does the page: the file was hers to send, and she is logged in.
        page = self.begun('POST', '/files/upload', f'Cookie: {self.cookie}', f'Content-Length: {LONG}',
                          'Content-Type: multipart/form-data; boundary=edge').recv(4096)
        self.assertIn(b'HTTP/1.1 503 ', page)
        self.assertIn(b'Retry-After: 1', page)
        self.hers('PUT', '/v1/files/short.txt', b'what is short is taken')
        status, _, body = self.ask('PUT', '/v1/files/long', b'x' * LONG, {'Cookie': self.sign_up(OLA)})
        self.assertEqual(status, 201, body)

    def test_of_strangers_hold_no_place(self):
        for number in range(2 * PLACES):
            framing = ('Transfer-Encoding: chunked', f'Content-Length: {LONG}', 'Content-Length: 9')[number % 3]
            path = ('/v1/login', '/v1/signup', '/v1/files/stranger')[number // 3 % 3]
            line = self.begun('PUT' if 'files' in path else 'POST', path, 'Content-Type: application/json', framing)
            line.sendall(b'4000\r\n' + b' ' * 0x4000 if 'chunked' in framing else b'')
        for number in range(3):
            self.hers('PUT', f'/v1/files/{number}', b'x' * LONG)


if __name__ == '__main__':
    unittest.main()
