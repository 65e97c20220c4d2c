# A guest in one disk sector, for tests: x86 real mode, one serial line, no firmware calls.
#
# It prints a banner and a prompt on COM1, echoes what is typed, and obeys a line of one character:
#   f  flood: 2560 numbered lines of 80 bytes (200 kB), ended early by any key
#   r  reboot, through the keyboard controller
#   p  power off, through ACPI
#   ?  help
# It powers off when the power button is pressed. Between keys it halts.
#
# make-image.ts writes it to a disk image; boot-sector.hex is what this file assembles to:
#   as --32 -o boot-sector.o boot-sector.S
#   ld -m elf_i386 -Ttext 0x7c00 --oformat binary -o boot-sector.bin boot-sector.o

    .intel_syntax noprefix
    .code16

    .set COM1, 0x3f8
    .set COM1_STATUS, COM1 + 5          # bit 0: a byte waits; bit 5: a byte can be sent
    .set TIMER_VECTOR, 8 * 4            # IRQ 0 in the interrupt table
    .set COM1_VECTOR, (8 + 4) * 4       # IRQ 4
    .set PIC, 0x20
    .set KEYBOARD, 0x64
    .set PM1_STATUS, 0x600              # where SeaBIOS puts the ACPI registers of machines pc and q35
    .set PM1_ENABLE, PM1_STATUS + 2
    .set PM1_CONTROL, PM1_STATUS + 4
    .set POWER_BUTTON, 0x100
    .set SLEEP_OFF, 0x2000              # S5 is sleep type 0 in QEMU
    .set FLOOD_LINES, 2560

    .globl _start
_start:
    cli
    xor ax, ax
    mov ds, ax
    mov ss, ax
    mov sp, 0x7c00
    cld

    mov cx, offset handle_irq           # SeaBIOS's own timer handler would take bytes from COM1
    mov [TIMER_VECTOR], cx
    mov [TIMER_VECTOR + 2], ax
    mov [COM1_VECTOR], cx
    mov [COM1_VECTOR + 2], ax
    mov si, offset uart_setup
    mov cx, (uart_setup_end - uart_setup) / 2
    mov dh, COM1 >> 8
next_register:
    lodsw
    mov dl, al
    mov al, ah
    out dx, al
    loop next_register

    in al, PIC + 1                      # let IRQ 4 through
    and al, 0xef
    out PIC + 1, al
    mov dx, PM1_ENABLE                  # else QEMU does not record that the button was pressed
    mov ax, POWER_BUTTON
    out dx, ax

    mov si, offset banner
    call print

prompt:
    mov si, offset prompt_text
    call print
    xor bx, bx                          # bl: first character of the line, bh: its length

# Waits for a byte. Interrupts are let in by `sti` only after `hlt` has begun: none is missed.
# The timer wakes it 18 times a second to look at the power button.
wait_key:
    cli
    call has_key
    jnz handle_key
    mov dx, PM1_STATUS
    in ax, dx
    inc ax                              # all ones: a machine without ACPI
    jz halt
    dec ax
    test ah, POWER_BUTTON >> 8
    jnz power_off
halt:
    sti
    hlt
    jmp wait_key

handle_key:
    sti
    mov dx, COM1
    in al, dx
    cmp al, 13
    je handle_line
    cmp al, 127
    je erase
    cmp al, ' '
    jb wait_key
    cmp bh, 255
    je wait_key
    test bh, bh
    jnz count
    mov bl, al
count:
    inc bh
    call put
    jmp wait_key

erase:
    test bh, bh
    jz wait_key
    dec bh
    mov si, offset erase_text
    call print
    jmp wait_key

handle_line:
    mov si, offset new_line
    call print
    cmp bh, 1
    jne prompt
    cmp bl, 'f'
    je flood
    cmp bl, 'p'
    je power_off
    cmp bl, 'r'
    je reboot
    cmp bl, '?'
    jne prompt
    mov si, offset help
    call print
    jmp prompt

power_off:
    mov si, offset power_off_text
    call print
    mov dx, PM1_CONTROL
    mov ax, SLEEP_OFF
    out dx, ax
    jmp stop

reboot:
    mov si, offset reboot_text
    call print
    mov al, 0xfe                        # pulse the reset line
    out KEYBOARD, al
stop:
    hlt
    jmp stop

# Lines of 80 bytes: four digits (hexadecimal), a space, 73 characters, CR, LF.
flood:
    xor bx, bx
flood_line:
    call has_key
    jnz flood_key
    mov cx, 4
    mov di, bx
flood_digit:
    rol di, 4
    mov ax, di
    and al, 15
    add al, '0'
    cmp al, '9'
    jbe flood_put
    add al, 'a' - '9' - 1
flood_put:
    call put
    loop flood_digit
    mov al, ' '
    call put
    mov cx, 73
    mov al, '0'
flood_fill:
    push ax
    call put
    pop ax
    inc ax
    loop flood_fill
    mov si, offset new_line
    call print
    inc bx
    cmp bx, FLOOD_LINES
    jne flood_line
    jmp prompt
flood_key:
    mov dx, COM1
    in al, dx
    jmp prompt

# Zero flag clear when a byte waits; uses al and dx.
has_key:
    mov dx, COM1_STATUS
    in al, dx
    test al, 1
    ret

# Prints the text at si, which ends with a zero byte; uses al, dx and si.
print:
    lodsb
    test al, al
    jz done
    call put
    jmp print

# Sends al when the line is free; uses ah and dx.
put:
    mov ah, al
    mov dx, COM1_STATUS
busy:
    in al, dx
    test al, 0x20
    jz busy
    mov dx, COM1
    mov al, ah
    out dx, al
done:
    ret

# A byte came, or a tick of the timer: that wakes the processor, the loop does the rest.
handle_irq:
    push ax
    mov al, 0x20
    out PIC, al
    pop ax
    iret

# Low byte of a port, and what it is set to: 115200 baud, 8N1, queues on, interrupt for bytes that come.
uart_setup:
    .byte 0xfb, 0x80,  0xf8, 0x01,  0xf9, 0x00,  0xfb, 0x03,  0xfa, 0x07,  0xfc, 0x0b,  0xf9, 0x01
uart_setup_end:

banner:         .asciz "\r\nvirtty boot sector: ? for help\r\n"
help:           .asciz "f flood, p power off, r reboot\r\n"
power_off_text: .asciz "power off\r\n"
reboot_text:    .asciz "reboot"                 # new_line follows
new_line:       .asciz "\r\n"
prompt_text:    .asciz "> "
erase_text:     .asciz "\b \b"

    .org 510
    .word 0xaa55
