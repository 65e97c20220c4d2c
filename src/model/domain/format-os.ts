import type {OsDef} from '../domain-def.ts';
import {childrenOf, type FieldContext} from '../fields/field.ts';
import {record} from '../fields/record.ts';
import {element, textElement, type XmlNode} from '../xml/write-xml.ts';
import {OS_FIELDS} from './os.ts';

const {firmwareFeatures, nvram, dtb, acpiTable, bootmenu, smbiosMode} = OS_FIELDS;
const afterType = record({firmwareFeatures});
const afterLoader = record({nvram});
const afterKernel = record({dtb, acpiTable});
const afterBoot = record({bootmenu, smbiosMode});

/** `<os>` in libvirt's order. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainOSDefFormat. */
export function formatOs(os: OsDef, context: FieldContext): XmlNode {
  const timeout = os.biosRebootTimeoutMs;
  const useserial = os.biosUseSerial ? 'yes' : undefined;
  return element('os', {firmware: os.firmware}, [
    element('type', {arch: os.arch, machine: os.machine}, os.type),
    ...childrenOf(afterType, os, context),
    formatLoader(os),
    ...childrenOf(afterLoader, os, context),
    textElement('kernel', os.kernel),
    textElement('initrd', os.initrd),
    textElement('cmdline', os.cmdline),
    ...childrenOf(afterKernel, os, context),
    ...os.boot.map(dev => element('boot', {dev})),
    ...childrenOf(afterBoot, os, context),
    useserial || timeout !== undefined ? element('bios', {useserial, rebootTimeout: timeout}) : undefined,
  ]);
}

function formatLoader({loader, loaderWish}: OsDef): XmlNode | undefined {
  const found = loader ?? loaderWish;
  if (!found) return undefined;
  const word = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'yes' : 'no');
  const readonly = loader ? (loader.readonly ? 'yes' : undefined) : word(found.readonly);
  const attributes = {readonly, secure: word(found.secure), type: found.type, stateless: word(found.stateless)};
  return element('loader', attributes, loader?.path ?? '');
}
