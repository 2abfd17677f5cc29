#define _GNU_SOURCE
#include "CSerial.h"

// The kernel's own header: glibc's <termios.h> defines another `struct termios` and knows no termios2.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

_Static_assert(NCCS <= sizeof(((struct cserial_settings *)0)->characters), "control characters must fit");

static int outcome(int result) {
  return result < 0 ? -errno : 0;
}

static int read_settings(int fd, struct termios2 *settings) {
  memset(settings, 0, sizeof *settings);
  return outcome(ioctl(fd, TCGETS2, settings));
}

static void put_speed(struct termios2 *settings, uint32_t baud) {
  settings->c_cflag &= ~(tcflag_t)(CBAUD | CBAUD << IBSHIFT);
  settings->c_cflag |= BOTHER | BOTHER << IBSHIFT;
  settings->c_ispeed = baud;
  settings->c_ospeed = baud;
}

int cserial_get_settings(int fd, struct cserial_settings *settings) {
  struct termios2 now;
  int result = read_settings(fd, &now);
  if (result < 0) return result;
  memset(settings, 0, sizeof *settings);
  settings->input_flags = now.c_iflag;
  settings->output_flags = now.c_oflag;
  settings->control_flags = now.c_cflag;
  settings->local_flags = now.c_lflag;
  settings->input_speed = now.c_ispeed;
  settings->output_speed = now.c_ospeed;
  settings->discipline = now.c_line;
  memcpy(settings->characters, now.c_cc, sizeof now.c_cc);
  return 0;
}

int cserial_set_settings(int fd, const struct cserial_settings *settings) {
  struct termios2 wanted;
  memset(&wanted, 0, sizeof wanted);
  wanted.c_iflag = settings->input_flags;
  wanted.c_oflag = settings->output_flags;
  wanted.c_cflag = settings->control_flags;
  wanted.c_lflag = settings->local_flags;
  wanted.c_ispeed = settings->input_speed;
  wanted.c_ospeed = settings->output_speed;
  wanted.c_line = settings->discipline;
  memcpy(wanted.c_cc, settings->characters, sizeof wanted.c_cc);
  return outcome(ioctl(fd, TCSETS2, &wanted));
}

uint32_t cserial_framing_flags(int data_bits, char parity, int stop_bits) {
  static const tcflag_t sizes[] = {CS5, CS6, CS7, CS8};
  if (data_bits < 5 || data_bits > 8 || stop_bits < 1 || stop_bits > 2) return 0;
  if (parity != 'N' && parity != 'E' && parity != 'O') return 0;
  // CLOCAL: a console's adapter has no carrier to wait for. CREAD also keeps the result from ever being 0.
  tcflag_t flags = sizes[data_bits - 5] | CREAD | CLOCAL;
  if (parity != 'N') flags |= PARENB;
  if (parity == 'O') flags |= PARODD;
  if (stop_bits == 2) flags |= CSTOPB;
  return flags;
}

int cserial_set_raw(int fd, uint32_t baud, int data_bits, char parity, int stop_bits) {
  struct termios2 settings;
  tcflag_t framing = cserial_framing_flags(data_bits, parity, stop_bits);
  if (baud == 0 || framing == 0) return -EINVAL;
  int result = read_settings(fd, &settings);
  if (result < 0) return result;
  // A break (a unit losing power) is noise and ignored. A character of wrong parity must not pass for a good one:
  // checked, and neither dropped nor marked, it reads as NUL, which no dump line contains.
  settings.c_iflag = parity == 'N' ? IGNBRK : IGNBRK | INPCK;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  // HUPCL stays as it is: whether DTR falls at the last close is the owner's choice.
  settings.c_cflag &= ~(tcflag_t)(CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS);
  settings.c_cflag |= framing;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  put_speed(&settings, baud);
  return outcome(ioctl(fd, TCSETS2, &settings));
}

int cserial_get_line(int fd, struct cserial_line *line) {
  struct termios2 now;
  int result = read_settings(fd, &now);
  if (result < 0) return result;
  line->input_speed = now.c_ispeed;
  line->output_speed = now.c_ospeed;
  switch (now.c_cflag & CSIZE) {
    case CS5: line->data_bits = 5; break;
    case CS6: line->data_bits = 6; break;
    case CS7: line->data_bits = 7; break;
    default: line->data_bits = 8; break;
  }
  line->parity = !(now.c_cflag & PARENB) ? 'N' : now.c_cflag & PARODD ? 'O' : 'E';
  line->stop_bits = now.c_cflag & CSTOPB ? 2 : 1;
  line->echoes = (now.c_lflag & ECHO) != 0;
  line->edits = (now.c_lflag & ICANON) != 0;
  return 0;
}

int cserial_set_speed(int fd, uint32_t baud) {
  struct termios2 settings;
  if (baud == 0) return -EINVAL;
  int result = read_settings(fd, &settings);
  if (result < 0) return result;
  put_speed(&settings, baud);
  return outcome(ioctl(fd, TCSETS2, &settings));
}

int cserial_get_speed(int fd) {
  struct termios2 now;
  int result = read_settings(fd, &now);
  return result < 0 ? result : (int)now.c_ospeed;
}

int cserial_set_exclusive(int fd, bool exclusive) {
  return outcome(ioctl(fd, exclusive ? TIOCEXCL : TIOCNXCL));
}

int cserial_is_exclusive(int fd) {
  int set = 0;
  return ioctl(fd, TIOCGEXCL, &set) < 0 ? -errno : set != 0;
}

int cserial_discard(int fd) {
  return outcome(ioctl(fd, TCFLSH, TCIOFLUSH));
}

int cserial_discard_output(int fd) {
  return outcome(ioctl(fd, TCFLSH, TCOFLUSH));
}

int cserial_pending_output(int fd) {
  int count = 0;
  return ioctl(fd, TIOCOUTQ, &count) < 0 ? -errno : count;
}

int cserial_drain(int fd) {
  // What glibc's tcdrain() does: any argument but 0 waits and sends no break.
  int result;
  do result = outcome(ioctl(fd, TCSBRK, 1));
  while (result == -EINTR);
  return result;
}

int cserial_set_break(int fd, bool on) {
  return outcome(ioctl(fd, on ? TIOCSBRK : TIOCCBRK));
}

int cserial_set_modem_lines(int fd, int dtr, int rts) {
  int on = (dtr > 0 ? TIOCM_DTR : 0) | (rts > 0 ? TIOCM_RTS : 0);
  int off = (dtr == 0 ? TIOCM_DTR : 0) | (rts == 0 ? TIOCM_RTS : 0);
  int result = 0;
  if (on != 0) result = outcome(ioctl(fd, TIOCMBIS, &on));
  if (result == 0 && off != 0) result = outcome(ioctl(fd, TIOCMBIC, &off));
  return result;
}

int cserial_open_pty(char *path, int capacity) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return -errno;
  // ptsname_r returns its error, the others set errno.
  int failure = grantpt(master) < 0 || unlockpt(master) < 0 ? errno : ptsname_r(master, path, (size_t)capacity);
  if (failure == 0) return master;
  close(master);
  return -failure;
}
