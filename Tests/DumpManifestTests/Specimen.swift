/// A manifest in which every key that there is occurs at least once.
let specimen = #"""
  {
    "$schema": "manifest.schema.json",
    "$comment": "everything",
    "name": "specimen",
    "description": "d",
    "slots": [
      {
        "name": "a",
        "tty": "/dev/ttyS0",
        "console": {
          "dialect": "other", "speed": 9600, "format": "8N1",
          "autoboot": [{ "when": "w", "send": "s", "every": 0.5 }], "login": [{ "when": "w", "send": "s" }],
          "prompt": "p", "method": "d", "byteOrder": "little", "readLength": 512,
          "timeouts": { "wake": 1, "reply": 1.5 }
        },
        "identity": [{ "name": "i", "command": "c", "pattern": "p", "required": false }],
        "setup": ["s"],
        "regions": [{ "name": "r", "file": "f", "address": 0, "size": 1, "reference": "golden.bin", "reuse": "never", "checks": [{ "kind": "gzip", "offset": 0 }] }],
        "policy": {
          "verify": "auto", "retries": 1, "reuse": "batch", "reference": "previous", "speedUp": { "to": 230400 }, "again": "verify",
          "noAdapter": "wait", "transcript": "256MiB"
        },
        "reset": { "lines": [{ "dtr": true, "rts": false, "break": true, "seconds": 0.5 }], "when": "start" },
        "hooks": { "unitArrived": ["a"], "unitFinished": ["f", "x"], "unitFailed": ["g"], "timeLimit": 5 }
      },
      { "name": "b", "link": "tcp://h:1", "policy": { "verify": "none" }, "console": { "dialect": "u-boot" } },
      { "name": "c", "match": { "path": "p", "ID_X": "x", "parent.ID_Y": "y", "$comment": "c" } }
    ],
    "console": {
      "dialect": "u-boot", "speed": 115200, "format": "7E1",
      "autoboot": [{ "when": "w", "send": "s", "every": 1 }], "login": [{ "when": "w", "send": "s" }],
      "prompt": "p", "byteOrder": "big", "readLength": "1KiB", "timeouts": { "wake": 1, "reply": 1 }
    },
    "identity": [{ "name": "i", "command": "c", "pattern": "p", "required": true }],
    "setup": ["s"],
    "regions": [
      {
        "name": "r", "file": "f", "size": "0x400", "checks": [{ "kind": "romfs", "offset": "0x10" }],
        "staging": {
          "command": "c {ram} {offset} {size}", "ram": 0, "offset": 512, "piece": 512, "expect": "e", "blockSize": 512
        }
      },
      { "name": "s", "address": "0x10", "size": 1 }
    ],
    "policy": {
      "verify": "auto", "retries": 0, "reuse": "never", "onFailure": "stop", "maxParallel": 1, "speedUp": { "to": 230400 },
      "again": "dump", "noAdapter": "fail", "transcript": 0
    },
    "reset": { "command": ["relay", "1"], "when": "noPrompt" },
    "hooks": { "unitArrived": ["a"], "unitFinished": ["f"], "unitFailed": ["g"], "timeLimit": 5 },
    "output": { "folder": "o" },
    "dialects": {
      "other": {
        "$schema": "dialect.schema.json",
        "name": "other", "title": "t", "sources": ["s"], "speed": 9600, "enter": "\r", "echo": true, "lineLimit": 100,
        "overflowSign": "\u0007", "separator": ";", "typeAhead": 0,
        "prompt": { "pattern": "p", "learn": false, "replyEnds": "OK" },
        "wake": {
          "clear": "\u0003", "clearRounds": 1, "nudge": "\r",
          "autoboot": [{ "when": "w", "send": "s", "every": 0.5 }], "forbidden": "\u001b"
        },
        "banners": ["b"], "copied": ["c"],
        "reads": [
          {
            "name": "d", "command": "d {address} {length}",
            "dialogue": [{ "expect": "\\? $", "send": "{length:d}" }],
            "fixedLength": 256, "maxLength": 1024, "align": 4, "headers": ["h"],
            "layout": {
              "strip": "^\\[.*?\\] ", "before": "[", "address": "absolute", "addressDigits": [8, 8], "addressBits": 32,
              "after": "] ", "cellBytes": 1, "cells": 16, "padded": true, "cellPrefix": "0x",
              "groups": [{ "every": 8, "text": " - " }], "unreadable": "x", "order": "memory",
              "gutter": {
                "open": " |", "close": "|", "printable": [32, 126], "dot": ".", "mask": 127, "split": 8
              },
              "trailer": " ok"
            }
          }
        ],
        "digests": [{ "algorithm": "crc32", "command": "crc {address} {length}", "reply": "==> ([0-9a-f]{8})" }],
        "comparison": { "command": "cmp {address} {other} {length}", "reply": "same: ([0-9]+)" },
        "failures": [{ "when": "w", "means": "usage" }],
        "answers": [{ "when": "w", "send": "s", "every": 1 }],
        "speedChange": {
          "command": "b {speed:d}", "rates": [9600, 230400], "announces": "a", "confirm": "\r", "strands": false
        },
        "footer": { "kind": "w90", "flashBlock": 65536 }
      }
    }
  }
  """#
