# A guest that shows whether KVM runs guests: it halts until its timer has woken it three times, then goes to 64-bit
# mode where the processor has it, and works a little there. Instead of firmware: it starts where the processor does.
#
# It tells each step by a letter on COM1: P protected mode, T the timer, L 64-bit mode, and a full stop at the end. Then
# it resets the machine by a triple fault. Nothing of it waits for anything but the timer.
#
# trial-guest.ts has the bytes that this file assembles to, for the start of the last 64 KiB below 1 MiB:
#   as --32 -o trial-guest.o trial-guest.S
#   ld -m elf_i386 -Ttext 0 --oformat binary -o trial-guest.bin trial-guest.o

    .intel_syntax noprefix
    .set ROM, 0xf0000                   # where a PC shows it below 1 MiB
    .set COM1, 0x3f8
    .set PIC, 0x20
    .set PIT, 0x40
    .set LOCAL_APIC, 0xfee00000
    .set TICKS, 0x500                   # in memory, which is zero at the start
    .set IDT, 0x600
    .set TIMER_VECTOR, 0x20
    .set TIMER_GATE, IDT + TIMER_VECTOR * 8
    .set PML4, 0x1000
    .set PDPT, 0x2000
    .set PD, 0x3000
    .set CODE_32, 8
    .set DATA, 16
    .set CODE_64, 24

    .macro tell letter
    mov dx, COM1
    mov al, \letter
    out dx, al
    .endm

    .globl _start
    .code16
_start:
    cli
    lgdt cs:[gdt_pointer]
    lidt cs:[idt_pointer]
    mov eax, cr0
    or al, 1
    mov cr0, eax
    .byte 0x66, 0xea                    # a far jump with 32-bit offset, which is not written so in 16-bit code
    .long ROM + protected_mode
    .word CODE_32

    .code32
protected_mode:
    mov eax, DATA
    mov ds, eax
    mov es, eax
    mov ss, eax
    mov esp, 0x7c00
    tell 'P'

    mov eax, offset ROM + tick
    mov [TIMER_GATE], ax
    mov dword ptr [TIMER_GATE + 2], CODE_32
    mov dword ptr [TIMER_GATE + 4], ROM & 0xffff0000 | 0x8e00   # an interrupt gate
    mov eax, 1
    cpuid
    bt edx, 9                           # there is a local APIC: let the PIC's interrupts through, as firmware does
    jnc start_timer
    mov dword ptr [LOCAL_APIC + 0xf0], 0x1ff
    mov dword ptr [LOCAL_APIC + 0x350], 0x700
start_timer:
    mov al, 0x11
    out PIC, al
    mov al, TIMER_VECTOR
    out PIC + 1, al
    mov al, 4
    out PIC + 1, al
    mov al, 1
    out PIC + 1, al
    mov al, 0xfe                        # only IRQ 0
    out PIC + 1, al
    mov al, 0x34                        # channel 0, rate generator
    out PIT + 3, al
    mov al, 1193 & 0xff                 # each millisecond
    out PIT, al
    mov al, 1193 >> 8
    out PIT, al
wait_for_tick:
    sti
    hlt
    cli
    cmp byte ptr [TICKS], 3
    jb wait_for_tick
    tell 'T'

    mov eax, 0x80000000
    cpuid
    cmp eax, 0x80000001
    jb done
    mov eax, 0x80000001
    cpuid
    bt edx, 29
    jnc done
    mov dword ptr [PML4], PDPT + 3
    mov dword ptr [PDPT], PD + 3
    mov dword ptr [PD], 0x83            # 2 MiB as they are
    mov eax, cr4
    or al, 0x20
    mov cr4, eax
    mov eax, PML4
    mov cr3, eax
    mov ecx, 0xc0000080
    rdmsr
    or ah, 1
    wrmsr
    mov eax, cr0
    or eax, 0x80000000
    mov cr0, eax
    .byte 0xea
    .long ROM + long_mode
    .word CODE_64

tick:
    inc byte ptr [TICKS]
    push eax
    mov al, 0x20
    out PIC, al
    pop eax
    iretd

done:
    tell '.'
    lidt [ROM + nothing]
    int3

    .code64
long_mode:
    mov ecx, 100000
    mov edi, 0x8000
work:
    mov [rdi], rcx
    add rax, [rdi]
    dec ecx
    jnz work
    tell 'L'
    tell '.'
    lidt [rip + nothing]
    int3

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9a000000ffff
    .quad 0x00cf92000000ffff
    .quad 0x00af9a000000ffff
gdt_pointer:
    .word gdt_pointer - gdt - 1
    .long ROM + gdt
idt_pointer:
    .word (TIMER_VECTOR + 1) * 8 - 1
    .long IDT
nothing:
    .long 0, 0, 0
