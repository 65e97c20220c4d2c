import {element, writeXml} from './xml/write-xml.ts';

/** A disk as it is asked for in one line. */
export interface DiskWish {
  /** Absolute. */
  readonly source: string;
  readonly sourceType: 'file' | 'block';
  /** E.g. `vdb`. */
  readonly target: string;
  /** Without it the target's name says. */
  readonly bus?: string | undefined;
  /** `disk` without it. */
  readonly device?: string | undefined;
  readonly driver?: string | undefined;
  /** The format of the image; `raw` without it. */
  readonly format?: string | undefined;
  readonly cache?: string | undefined;
  readonly io?: string | undefined;
  readonly iothread?: string | undefined;
  readonly serial?: string | undefined;
  readonly wwn?: string | undefined;
  readonly mode?: 'readonly' | 'shareable' | undefined;
}

/** The element of a disk that was asked for in one line. Source: libvirt 9.0.0, tools/virsh-domain.c, cmdAttachDisk. */
export function diskXml(wish: DiskWish): string {
  const {source, sourceType, target, bus, device = 'disk', serial, wwn, mode} = wish;
  const {driver: name, format: type, cache, io, iothread} = wish;
  const driver = {name: name ?? (type === undefined ? undefined : 'qemu'), type, cache, io, iothread};
  const hasDriver = Object.values(driver).some(value => value !== undefined);
  return writeXml(
    element('disk', {type: sourceType, device}, [
      ...(hasDriver ? [element('driver', driver)] : []),
      element('source', sourceType === 'file' ? {file: source} : {dev: source}),
      element('target', {dev: target, bus}),
      ...(serial === undefined ? [] : [element('serial', {}, serial)]),
      ...(wwn === undefined ? [] : [element('wwn', {}, wwn)]),
      ...(mode === undefined ? [] : [element(mode)]),
    ]),
  );
}
