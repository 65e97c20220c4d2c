import type {ChardevSource} from '../../../model/devices/chardev.ts';
import type {ChardevBackend, NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {udpSource} from './udp-source.ts';

/** `-chardev`: kept for the device that names it. */
export function readChardev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'backend');
  const id = bag.take('id');
  if (id === undefined) {
    draft.keep(arg, 'it has no id');
    return;
  }
  const source = takeSource(arg, bag, draft);
  const file = bag.take('logfile');
  const append = bag.takeSwitch('logappend');
  const log = file === undefined ? undefined : omitUndefined({file: draft.path(arg, file), append});
  bag.drop('signal', 'mux', 'delay', 'nodelay');
  const backend: ChardevBackend | undefined = source && {source, ...omitUndefined({log})};
  draft.chardevs.set(id, {backend: bag.rest.length === 0 ? backend : undefined, arg, used: false});
}

/** Undefined for a backend that the XML has no word for. */
function takeSource(arg: NativeArg, bag: OptionBag, draft: NativeDraft): ChardevSource | undefined {
  const type = bag.take('backend');
  switch (type) {
    case 'pty':
    case 'null':
    case 'stdio':
    case 'vc':
      return {type};
    case 'file':
      return {
        type,
        path: draft.path(arg, bag.take('path') ?? ''),
        ...omitUndefined({append: bag.takeSwitch('append')}),
      };
    case 'pipe':
      return {type, path: draft.path(arg, bag.take('path') ?? '')};
    case 'serial':
    case 'tty':
    case 'parallel':
      return {type: 'dev', path: draft.path(arg, bag.take('path') ?? '')};
    case 'socket':
      return takeSocket(arg, bag, draft);
    case 'udp':
      return takeUdp(bag);
    case 'spicevmc':
      bag.drop('name', 'debug');
      return {type};
    case 'qemu-vdagent':
      return takeVdagent(bag);
    case 'dbus':
      return {type, source: omitUndefined({channel: bag.take('name')})};
    case 'spiceport':
      return {type, channel: bag.take('name') ?? ''};
    default:
      return undefined;
  }
}

function takeSocket(arg: NativeArg, bag: OptionBag, draft: NativeDraft): ChardevSource | undefined {
  const mode = bag.takeSwitch('server') ? 'bind' : 'connect';
  const telnet = bag.takeSwitch('telnet') ?? false;
  bag.drop('wait', 'nowait', 'ipv4', 'ipv6', 'abstract', 'tight');
  const reconnect = takeReconnect(bag, mode);
  if (bag.take('fd') !== undefined) {
    // A socket that was handed over open: the driver makes another one.
    return {type: 'unix', ...(mode === 'bind' ? {} : {mode})};
  }
  const path = bag.take('path');
  if (path !== undefined) return {type: 'unix', mode, path: draft.path(arg, path), ...omitUndefined({reconnect})};
  const tls = takeTls(bag, draft);
  const source = omitUndefined({mode, host: bag.take('host'), service: bag.take('port'), tls, reconnect});
  if (source.service === undefined) return undefined;
  return {type: 'tcp', source: {...source, mode}, protocol: telnet ? 'telnet' : 'raw'};
}

/** Who listens has nobody to connect to again. */
function takeReconnect(bag: OptionBag, mode: 'bind' | 'connect') {
  const seconds = bag.takeNumber('reconnect');
  if (seconds === undefined || mode === 'bind') return undefined;
  return seconds === 0 ? {enabled: false} : {enabled: true, timeoutSeconds: seconds};
}

function takeVdagent(bag: OptionBag): ChardevSource {
  bag.drop('name');
  const mouse = bag.takeSwitch('mouse');
  const source = omitUndefined({
    clipboardCopypaste: bag.takeSwitch('clipboard'),
    mouseMode: mouse === undefined ? undefined : mouse ? ('client' as const) : ('server' as const),
  });
  return {type: 'qemu-vdagent', ...(Object.keys(source).length > 0 ? {source} : {})};
}

/** The certificates are those of qemu.conf. */
function takeTls(bag: OptionBag, draft: NativeDraft): true | undefined {
  const id = bag.take('tls-creds');
  if (id === undefined) return undefined;
  draft.configuredObjects.add(id);
  return true;
}

function takeUdp(bag: OptionBag): ChardevSource {
  bag.drop('ipv4', 'ipv6');
  const connect = omitUndefined({host: bag.take('host') || undefined, service: bag.take('port')});
  const bind = omitUndefined({host: bag.take('localaddr') || undefined, service: bag.take('localport')});
  return udpSource(connect, bind);
}
