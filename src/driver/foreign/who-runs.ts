import type {GuestRunner} from '../../model/foreign-guest.ts';

/** What says who started an emulator. */
export interface RunnerFacts {
  readonly words: readonly string[];
  /** Text of `/proc/PID/cgroup`. */
  readonly cgroup: string;
  /** The program of its parent. */
  readonly parent?: string;
}

/** Looks for one kind of evidence. */
type Evidence = (facts: RunnerFacts) => GuestRunner | undefined;

/**
 * Decides who started an emulator: programs that manage guests leave their marks in its command line; else its cgroup is
 * that of a container or a unit; else somebody started it by hand.
 *
 * @param own  text of this program's own cgroup: a container or a unit that both are in says nothing
 */
export function whoRuns(facts: RunnerFacts, own = ''): GuestRunner {
  const ownPlace = placeOf(own);
  const place = placeOf(facts.cgroup);
  const marked = EVIDENCE.map(look => look(facts)).find(runner => runner !== undefined);
  if (marked) return marked;
  if (place && JSON.stringify(place) !== JSON.stringify(ownPlace)) return place;
  return {is: 'by hand', ...(facts.parent === undefined ? {} : {parent: facts.parent})};
}

const EVIDENCE: readonly Evidence[] = [byLibvirt, byProxmox, byVirtty, byQuickemu, byReadConfig, byDirectory, byParent];

/** libvirt's monitor is always below its folder. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainSetPrivatePaths. */
function byLibvirt({words, cgroup}: RunnerFacts): GuestRunner | undefined {
  const monitor = words.find(word => /[,=:]\/[^,]*\/libvirt\/qemu\/[^,]*monitor/.test(word));
  if (monitor === undefined && !/machine-qemu\\x2d/.test(cgroup)) return undefined;
  if (monitor === undefined || /[,=:]\/var\/(?:lib|run)\//.test(monitor)) return {is: 'libvirt', instance: 'system'};
  return {is: 'libvirt', instance: /\/(?:\.config|\.cache|run\/user)\//.test(monitor) ? 'session' : 'unknown'};
}

/** Source: Proxmox VE, qemu-server, PVE/QemuServer.pm: `-id VMID` and the monitor `/var/run/qemu-server/VMID.qmp`. */
function byProxmox({words}: RunnerFacts): GuestRunner | undefined {
  const path = words.map(word => /\/run\/qemu-server\/(\d+)\./.exec(word)?.[1]).find(vmid => vmid !== undefined);
  return path === undefined ? undefined : {is: 'proxmox', vmid: path};
}

/** Two monitors in a folder that is named as the domain's UUID. */
function byVirtty({words}: RunnerFacts): GuestRunner | undefined {
  for (const word of words) {
    const directory = /[,=:](\/[^,]*)\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/(?:[^,/]+\/)?monitor\.sock/.exec(
      word,
    )?.[1];
    if (directory !== undefined) return {is: 'virtty', directory};
  }
  return undefined;
}

/** Source: quickemu 4.9, `quickemu`, vm_boot: the monitor and the serial line are `VMDIR/VMNAME-monitor.socket` and `-serial.socket`. */
function byQuickemu({words}: RunnerFacts): GuestRunner | undefined {
  const name = /^(?:guest=)?([^,]+).*,process=([^,]+)/.exec(optionValue(words, '-name') ?? '');
  const isProcessNamed = name !== null && name[1] === name[2];
  const hasSockets = words.some(word => /-(?:monitor|serial)\.socket(?:,|$)/.test(word));
  return isProcessNamed && hasSockets ? {is: 'quickemu'} : undefined;
}

/** Source: Incus and LXD, internal/server/instance/drivers/driver_qemu.go: all of the machine is in a file. */
function byReadConfig({words}: RunnerFacts): GuestRunner | undefined {
  const file = optionValue(words, '-readconfig') ?? '';
  if (/\/incus\//.test(file)) return {is: 'incus'};
  return /\/lxd\//.test(file) ? {is: 'lxd'} : undefined;
}

/** Source: Lima, pkg/qemu: `LIMA_HOME/INSTANCE/qmp.sock`; Multipass, src/platform/backends/qemu. */
function byDirectory({words}: RunnerFacts): GuestRunner | undefined {
  if (words.some(word => /\/\.lima\/[^/]+\/qmp\.sock/.test(word))) return {is: 'lima'};
  return words.some(word => /\/multipass(?:d)?\/(?:data|vault)\//.test(word)) ? {is: 'multipass'} : undefined;
}

const PARENTS: Readonly<Record<string, GuestRunner>> = {
  multipassd: {is: 'multipass'},
  incusd: {is: 'incus'},
  lxd: {is: 'lxd'},
};

function byParent({parent}: RunnerFacts): GuestRunner | undefined {
  return parent !== undefined && Object.hasOwn(PARENTS, parent) ? PARENTS[parent] : undefined;
}

const CONTAINERS: readonly (readonly [engine: string, pattern: RegExp])[] = [
  ['Podman', /\/libpod-([0-9a-f]{12})[0-9a-f]*/],
  [
    'Kubernetes',
    /\/kubepods[^\n]*[/-](?:cri-containerd-|crio-|docker-)?([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:[/\n]|$)/,
  ],
  ['Docker', /\/docker[-/]([0-9a-f]{12})[0-9a-f]*/],
  ['LXC', /\/lxc(?:\.payload[./]|\/)([^/\n]+)/],
  ['systemd-nspawn', /\/(?:machine\.slice\/machine-|systemd-nspawn@)([^/\n]+?)\.(?:scope|service)/],
];

/** Units in which people log in: what they start there is started by hand. */
const LOGIN_UNIT =
  /^(?:user@\d+\.service|session-[^.]+\.scope|init\.scope|sshd?(?:@.*)?\.service|(?:serial-)?getty@.*\.service|console-getty\.service|app-.*\.scope|vte-spawn-.*\.scope|tmux-spawn-.*\.scope)$/;

/** The container or unit that a cgroup belongs to; undefined for one of neither. */
function placeOf(cgroup: string): GuestRunner | undefined {
  for (const [engine, pattern] of CONTAINERS) {
    const name = pattern.exec(cgroup)?.[1];
    if (name !== undefined) return {is: 'container', engine, name: unescapeUnit(name)};
  }
  const path = /^(?:0:|\d+:name=systemd):(.*)$/m.exec(cgroup)?.[1] ?? '';
  const unit = path.split('/').findLast(part => /\.(?:service|scope)$/.test(part));
  return unit === undefined || LOGIN_UNIT.test(unit) ? undefined : {is: 'systemd', unit: unescapeUnit(unit)};
}

/** Source: systemd, systemd-escape(1): `\x2d` stands for a character of a name. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The word behind an option, which may have one or two dashes. */
function optionValue(words: readonly string[], option: string): string | undefined {
  const at = words.findIndex(word => word === option || word === `-${option}`);
  return at < 0 ? undefined : words[at + 1];
}
