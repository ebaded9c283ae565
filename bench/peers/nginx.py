"""nginx with one worker and a static reply: what HTTP alone allows on this machine."""
import os
import re
import signal
import subprocess

from . import process

# As long as a wallet's answer, so that the same bytes travel.
BODY = '{"id":"w00000000","currency":"EUR","balance":1234567,"held":0,"available":1234567,"version":1234568,"lsn":1234570}'
SETTINGS = "1 worker, static 200 reply of a wallet's size, `access_log off`, `keepalive_requests` unlimited"

CONFIGURATION = """
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:%d;
    location / { return 200 '%s'; }
  }
}
"""


def version():
    text = subprocess.run([process.find("nginx"), "-v"], capture_output=True, text=True).stderr
    return "nginx " + re.search(r"nginx/([\d.]+)", text).group(1)


def served(work):
    """A running nginx and its URL."""
    folder = os.path.join(work, "nginx")
    os.makedirs(folder, exist_ok=True)
    port = process.free_port()
    with open(os.path.join(folder, "nginx.conf"), "w") as file:
        file.write(CONFIGURATION % (port, BODY))
    server = process.Server([process.find("nginx"), "-p", folder, "-c", "nginx.conf", "-e", "stderr"],
                            os.path.join(work, "nginx.log"), lambda: process.accepts(port), signal.SIGTERM)
    return server, f"http://127.0.0.1:{port}"
