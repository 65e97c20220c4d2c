/** What a domain is called that has no name. Source: libvirt 4.5.0, qemu_parse_command.c. */
export const NO_NAME = 'unnamed';
/** The UUID of a domain that has none. */
export const NO_UUID = '00000000-0000-0000-0000-000000000000';
