"""Jupyter behind the gateway, which signs people in and sends the token with every request."""

import json

from jupyter_server.auth.identity import PasswordIdentityProvider

c = get_config()  # noqa: F821

with open("/etc/kindling/node.json", encoding="utf-8") as file:
    node = json.load(file)
with open("/dev/shm/kindling/jupyter-token", encoding="utf-8") as file:
    c.CheckedOrigin.token = file.read().strip()



class CheckedOrigin(PasswordIdentityProvider):
    """Jupyter trusts any page once a request carries the token. Here every request does, so the page it comes from is always checked."""

    def should_check_origin(self, handler):
        return True


c.ServerApp.identity_provider_class = CheckedOrigin
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = "/data/notebooks"
c.ServerApp.allow_remote_access = True
c.ServerApp.trust_xheaders = True
c.ServerApp.quit_button = False
c.CheckedOrigin.allow_password_change = False
# Every WebSocket upgrade and every request of another page is checked against the one origin that people see.
c.ServerApp.allow_origin = node["origins"].get("jupyter", "")
c.ServerApp.allow_credentials = False
# The first notebook is Spark's; plain Python needs no entry of its own beside it.
c.MultiKernelManager.default_kernel_name = "pyspark"
c.KernelSpecManager.ensure_native_kernel = False
# No search for language servers that are not there, and no news from outside.
c.ServerApp.jpserver_extensions = {"jupyterlab": True, "jupyter_lsp": False}
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.FileContentsManager.delete_to_trash = False
