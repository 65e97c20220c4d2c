import {typedSource} from '../devices/disk-backing.ts';
import {
  attr,
  child,
  childAttr,
  list,
  needed,
  ownText,
  ownTextOrNone,
  required,
  textChild,
  withDefault,
} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, written, yesNo} from '../fields/scalar.ts';

const firmwareFeature = record({
  enabled: required(attr('enabled', yesNo), "enabled='yes'"),
  name: required(attr('name', oneOf('enrolled-keys', 'secure-boot')), "name='secure-boot'"),
});

const nvram = record({
  template: attr('template', absolutePathText),
  path: ownTextOrNone(absolutePathText),
  source: typedSource,
});

const smbiosMode = written(
  oneOf('none', 'emulate', 'host', 'sysinfo'),
  mode => mode !== 'none',
  "one of 'emulate', 'host', 'sysinfo'",
);

const acpiTable = child(
  'table',
  record({type: withDefault(needed(attr('type', oneOf('slic'))), 'slic'), path: ownText(absolutePathText)}),
);

/** What `<os>` may have besides what every guest has; each is an element or attribute of it. */
const shape = {
  firmware: attr('firmware', oneOf('bios', 'efi')),
  firmwareFeatures: child('firmware', needed(list('feature', firmwareFeature))),
  nvram: child('nvram', nvram),
  dtb: textChild('dtb', absolutePathText),
  acpiTable: child('acpi', acpiTable),
  bootmenu: child(
    'bootmenu',
    record({enable: needed(attr('enable', yesNo)), timeoutMs: attr('timeout', integer(0, 65535))}),
  ),
  smbiosMode: childAttr('smbios', 'mode', smbiosMode),
};

export const OS_FIELDS = shape;
export const osExtras = record(shape);
export type OsExtras = RecordOf<typeof shape>;
