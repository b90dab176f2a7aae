"""The server is killed while a folder goes into the trash, and while it comes back: it is in one place, and whole."""
import http.client
import json
import threading
import time
import unittest

from signed_up import SCALIGN, Server, SignedUp

FILES, FOLDERS = 600, 12
KILLED_AFTER = (0.01, 0.03, 0.07, 0.15)  # seconds, while the server is at it for some tenths of one


class FolderKill(SignedUp):
    def setUp(self):
        super().setUp()
        self.contents = {f'many/{i % FOLDERS}/{i}': f'number {i}'.encode() for i in range(FILES)}
        names = list(self.contents)
        fillers = [threading.Thread(target=self.fill, args=(names[i::8],)) for i in range(8)]
        for filler in fillers:
            filler.start()
        for filler in fillers:
            filler.join()
        _, _, made = self.ask('POST', '/v1/shares', {'path': names[7]}, {'Cookie': self.cookie})
        self.link = json.loads(made)['token']

    def fill(self, names):
        line = http.client.HTTPConnection('127.0.0.1', self.server.port, timeout=60)
        for name in names:
            line.request('PUT', f'/v1/files/{name}', self.contents[name],
                         {'Host': f'localhost:{self.server.port}', 'Origin': self.url, 'Cookie': self.cookie})
            line.getresponse().read()
        line.close()

    def hers(self, method, path, body=None):
        """(status, what it says)"""
        status, _, said = self.ask(method, path, body, {'Cookie': self.cookie})
        return status, said

    def in_trash(self):
        return [item['id'] for item in json.loads(self.hers('GET', '/v1/trash')[1])['items']]

    def move(self):
        """What takes it to the other place."""
        trashed = self.in_trash()
        return ('POST', f'/v1/trash/{trashed[0]}/restore', {}) if trashed else ('DELETE', '/v1/files/many')

    def cut_off(self, after):
        """Whether its answer was lost."""
        answers = []

        def go():
            try:
                answers.append(self.hers(*call))
            except OSError:
                pass
            except http.client.HTTPException:
                pass

        call = self.move()
        asking = threading.Thread(target=go)
        asking.start()
        time.sleep(after)
        self.server.kill()
        asking.join()
        self.server = Server([SCALIGN], self.directory)
        self.server.start()
        self.addCleanup(self.server.kill)
        return not answers

    def look(self):
        """Where it is; a link into it is asked first, before anybody looks there."""
        followed, _, _ = self.ask('GET', f'/v1/links/{self.link}')
        there = self.hers('GET', '/v1/files/many/')[0] == 200
        self.assertEqual(len(self.in_trash()), 0 if there else 1)
        self.assertEqual(followed, 200 if there else 404)
        if there:
            found = {f'many/{at}/{entry["name"]}' for at in range(FOLDERS) for entry in json.loads(
                self.hers('GET', f'/v1/files/many/{at}/?limit=1000')[1])['entries']}
            self.assertEqual(found, set(self.contents))
        return there

    def test_leaves_it_in_one_place_and_whole(self):
        cut = 0
        for after in KILLED_AFTER:
            for wanted in (False, True):
                cut += self.cut_off(after)
                if self.look() != wanted:
                    self.assertLess(self.hers(*self.move())[0], 300)
                    self.assertEqual(self.look(), wanted)
        self.assertGreater(cut, 0, 'no kill came in the middle')
        for name, content in self.contents.items():
            self.assertEqual(self.hers('GET', f'/v1/files/{name}'), (200, content))


if __name__ == '__main__':
    unittest.main()
