"""Files below directories that a node's user may write to. Everything is opened from its parent, and no link is ever followed."""

import contextlib
import errno
import os
import stat

# A handle that only names a directory: it needs no permission on it, and a user may have shut their own.
DIRECTORY = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def directory(parent, name, uid, gid, mode):
    """Opens the directory `name` in the open directory `parent`, which only root may write to. It is made if it is missing.

    Whatever else has taken its place (a link, a file) is moved aside, never followed and never deleted. An existing directory of
    the right owner keeps the mode that its owner gave it."""
    try:
        now = os.lstat(name, dir_fd=parent)
        if not stat.S_ISDIR(now.st_mode):
            os.rename(name, aside(parent, name), src_dir_fd=parent, dst_dir_fd=parent)
            now = None
    except FileNotFoundError:
        now = None
    if now is None:
        os.mkdir(name, 0o700, dir_fd=parent)
        # The mode goes before the owner: changing another's needs one capability more.
        os.chmod(name, mode, dir_fd=parent)
    if now is None or (now.st_uid, now.st_gid) != (uid, gid):
        os.chown(name, uid, gid, dir_fd=parent, follow_symlinks=False)
    return os.open(name, DIRECTORY, dir_fd=parent)


def aside(parent, name):
    for number in range(1, 1000):
        candidate = f"{name}.aside-{number}"
        try:
            os.lstat(candidate, dir_fd=parent)
        except FileNotFoundError:
            return candidate
    raise OSError(errno.EEXIST, "too many things were moved aside", name)


def fresh(parent, name, content, gid, mode):
    """Writes a file that must not exist yet, as whoever acts. Returns False, and writes nothing, where something of that name is."""
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=parent)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
        os.fchown(file.fileno(), -1, gid)
    return True


@contextlib.contextmanager
def acting_as(uid, gid):
    """Works in a user's directory as that user: root has no power there beyond theirs, and needs none."""
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
