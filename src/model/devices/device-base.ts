import {attr, child, needed, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, anyText, integer, onOff, written, yesNo} from '../fields/scalar.ts';
import {addressField} from './address.ts';

/** A user's own alias begins so; it is kept, others are the driver's. Source: libvirt 9.0.0, docs/formatdomain, "Device alias". */
export const USER_ALIAS_PREFIX = 'ua-';

/** QEMU's id of a device: that of a running domain, or one that the user has given. */
export const aliasField: Field<string> = {
  read: (reader, context) => {
    const alias = reader.child('alias');
    const name = alias?.attribute('name');
    if (alias && !/^[A-Za-z0-9_.-]+$/.test(name ?? ''))
      alias.schemaError(`<alias> needs a name of letters, digits, '_', '-' and '.'`, 'name');
    return name && (context.live || name.startsWith(USER_ALIAS_PREFIX)) ? name : undefined;
  },
  write: (alias, into, context) => {
    if (!context.live && !alias.startsWith(USER_ALIAS_PREFIX)) return;
    into.children.push({name: 'alias', attributes: [['name', alias]], content: []});
  },
  place: {child: 'alias'},
};

/** `<rom/>`: the option ROM of a PCI device. */
const rom = record({enabled: attr('enabled', yesNo), bar: attr('bar', onOff), file: attr('file', absolutePathText)});

const boot = record({
  order: withDefault(needed(attr('order', integer(1, 2 ** 31 - 1))), 1),
  loadparm: attr('loadparm', written(anyText, /^[A-Za-z0-9.\s]{1,8}$/, "at most 8 letters, digits, '.' and spaces")),
});

/** What every device may have; the order is that in which libvirt prints it. */
export const deviceParts = {
  boot: child('boot', boot),
  alias: aliasField,
  /** The companion of a USB 2 controller. */
  master: child('master', record({startport: withDefault(needed(attr('startport', integer())), 0)})),
  rom: child('rom', rom),
  acpi: child('acpi', record({index: withDefault(attr('index', integer()), 0)})),
  address: addressField,
};

/** What every device may have. `alias` is QEMU's id of it; of the driver's own only in a live definition. */
export type DeviceBase = RecordOf<typeof deviceParts>;
