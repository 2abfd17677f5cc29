// Terminal settings that glibc's <termios.h> cannot express: any speed in baud, through Linux's termios2 (tty_ioctl(2),
// TIOCSETxx(2const)). The structures stay in C; plain values cross into Swift.
//
// Unless said otherwise a function returns 0, or a negative errno. A pty's master may be given as well as its slave:
// Linux then answers for the slave, so a simulator can read what its user has set.

#ifndef CSERIAL_H
#define CSERIAL_H

#include <stdbool.h>
#include <stdint.h>

/// All of a tty's settings, to be put back later as they were. What is inside is the kernel's business.
struct cserial_settings {
  uint32_t input_flags, output_flags, control_flags, local_flags;
  uint32_t input_speed, output_speed;
  uint8_t discipline;
  uint8_t characters[32];
};

/// How a line is set, in words that Swift understands.
struct cserial_line {
  uint32_t input_speed;   ///< baud
  uint32_t output_speed;  ///< baud
  uint8_t data_bits;      ///< 5 to 8
  char parity;            ///< 'N', 'E' or 'O'
  uint8_t stop_bits;      ///< 1 or 2
  bool echoes;            ///< what comes in is sent back
  bool edits;             ///< what comes in is held back until a line is whole
};

/// Reads all settings.
int cserial_get_settings(int fd, struct cserial_settings *settings);

/// Sets all settings, at once and without waiting for output.
int cserial_set_settings(int fd, const struct cserial_settings *settings);

/// Sets the line raw: bytes pass as they are in both directions, without echo, flow control or modem control.
///
/// \param baud any rate; 0 is refused, for it would hang up.
/// \param data_bits 5 to 8
/// \param parity 'N', 'E' or 'O'
/// \param stop_bits 1 or 2
int cserial_set_raw(int fd, uint32_t baud, int data_bits, char parity, int stop_bits);

/// The control flags, speed apart, that a framing takes; 0 for a framing that does not exist.
uint32_t cserial_framing_flags(int data_bits, char parity, int stop_bits);

/// Reads how the line is set.
int cserial_get_line(int fd, struct cserial_line *line);

/// Sets the speed of both directions, in baud, and nothing else.
int cserial_set_speed(int fd, uint32_t baud);

/// The output speed in baud as the driver reports it, or a negative errno.
int cserial_get_speed(int fd);

/// Refuses (or allows again) other users' opens of the same tty; root is not stopped by it.
int cserial_set_exclusive(int fd, bool exclusive);

/// 1 where somebody has set the tty exclusive, 0 where not, or a negative errno.
int cserial_is_exclusive(int fd);

/// Throws away what came and was not read, and what was written and not sent.
int cserial_discard(int fd);

/// Throws away what was written and not sent.
int cserial_discard_output(int fd);

/// How many bytes were written and not yet given to the hardware, or a negative errno.
int cserial_pending_output(int fd);

/// Waits until all that was written is on the wire. Blocks; without end if the hardware takes nothing.
int cserial_drain(int fd);

/// Starts or ends a break: the line held at its active level.
int cserial_set_break(int fd, bool on);

/// Sets modem lines: 1 on, 0 off, -1 as it is.
int cserial_set_modem_lines(int fd, int dtr, int rts);

/// Opens the master of a new pty, ready for its slave to be opened, and writes the slave's path.
///
/// \returns the master's descriptor (close-on-exec, not the controlling terminal), or a negative errno.
int cserial_open_pty(char *path, int capacity);

#endif
