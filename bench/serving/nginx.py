"""The peer for files: nginx as Debian packages it, with one worker, started here and stopped. It serves a
directory over TLS with a certificate of the kind that our server makes itself."""
import os
import subprocess
import time

from parse import free_port, wait_until


def certificate(directory):
    chain, key = directory / 'chain.pem', directory / 'key.pem'
    subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
         '-keyout', str(key), '-out', str(chain), '-days', '2', '-subj', '/CN=localhost',
         '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
    return chain, key


class Nginx:
    def __init__(self, directory):
        self.directory = directory / 'nginx'
        self.files = self.directory / 'files'
        self.files.mkdir(parents=True)
        self.chain, self.key = certificate(self.directory)
        self.port, self.process = free_port(), None

    def configuration(self):
        # Without `user` a root's worker is nobody, who may not look into the bench's directory.
        user = 'user root;' if os.getuid() == 0 else ''
        return f"""daemon off; worker_processes 1; pid {self.directory}/pid; error_log stderr crit; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  client_body_temp_path {self.directory}/body; proxy_temp_path {self.directory}/proxy;
  fastcgi_temp_path {self.directory}/fastcgi; uwsgi_temp_path {self.directory}/uwsgi;
  scgi_temp_path {self.directory}/scgi;
  server {{
    listen 127.0.0.1:{self.port} ssl;
    ssl_certificate {self.chain}; ssl_certificate_key {self.key}; ssl_protocols TLSv1.2 TLSv1.3;
    root {self.files};
  }}
}}
"""

    def __enter__(self):
        settings = self.directory / 'nginx.conf'
        settings.write_text(self.configuration())
        try:
            self.process = subprocess.Popen(
                ['nginx', '-c', str(settings), '-p', str(self.directory), '-e', 'stderr'],
                stdin=subprocess.DEVNULL)
        except FileNotFoundError:
            raise RuntimeError('nginx is missing: ./setup.sh bench') from None
        wait_until(lambda: self.process.poll() is not None or self.workers(), 'nginx')
        time.sleep(0.2)
        if self.process.poll() is not None:
            raise RuntimeError(f'nginx ended with {self.process.returncode}')
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def workers(self):
        with open(f'/proc/{self.process.pid}/task/{self.process.pid}/children') as children:
            return list(map(int, children.read().split()))

    def url(self, name):
        return f'https://127.0.0.1:{self.port}/{name}'
