import {fileNameOf} from '../../model/domain-path.ts';

/** Which instance of the driver a guest belongs to. */
export interface GroupOwner {
  /** A short text of `[0-9a-f]` that another embedded instance does not have; absent for the system instance. */
  readonly embedded?: string;
  readonly name: string;
  readonly uuid: string;
}

/**
 * The group of a domain below that of the driver: `virtty/qemu/NAME`; an embedded instance, which may have a domain of the
 * same name, has `virtty/embed/INSTANCE/NAME`. What cannot stand in a file name is escaped.
 *
 * @throws {VirtError} INVALID_ARG for a name that is empty, no Unicode, or too long
 */
export function groupName({embedded, name}: GroupOwner): string {
  return `virtty/${embedded === undefined ? 'qemu' : `embed/${embedded}`}/${fileNameOf(name)}`;
}

/** Source: systemd 252, src/basic/unit-name.h, UNIT_NAME_MAX, with room for `.scope` and temporary names. */
const MAX_UNIT_CHARS = 200;

/**
 * The scope of a domain, e.g. `virtty-qemu-web.scope`. What cannot stand in the name of a unit is escaped as systemd-escape
 * does it; a name that gets too long so is replaced by the UUID.
 */
export function scopeName({embedded, name, uuid}: GroupOwner): string {
  const prefix = `virtty-${embedded === undefined ? 'qemu' : `embed-${embedded}`}-`;
  const full = prefix + escapeForUnit(fileNameOf(name));
  return `${full.length > MAX_UNIT_CHARS ? prefix + uuid : full}.scope`;
}

/** The names of files are plain ASCII already. @see systemd.unit(5), "String escaping for inclusion in unit names" */
function escapeForUnit(text: string): string {
  return text.replace(/[^A-Za-z0-9_.]/g, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
