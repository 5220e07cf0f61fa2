# startup.nsh: start parapatch when the firmware drops to its shell instead.
# SPDX-License-Identifier: GPL-2.0-only
@echo -off
# The shell runs the program built for its own CPU mode and refuses the other.
for %d in fs0 fs1 fs2 fs3 fs4 fs5 fs6 fs7
  if exist %d:\parapatch then
    %d:\EFI\BOOT\BOOTX64.EFI
    if not %lasterror% == 0 then
      %d:\EFI\BOOT\BOOTIA32.EFI
    endif
    goto done
  endif
endfor
:done
