"""A test bench in software: real U-Boot boards behind real USB adapters on a machine with Debian's kernel and udev."""

from . import evidence
from .board import Board
from .failure import LabFailure, check, check_equal
from .hotplug import Bench
from .transcript import note, step

__all__ = ["Bench", "Board", "LabFailure", "check", "check_equal", "evidence", "note", "step"]
