import type {ArgvInput} from './argv-input.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/** `-smp N`, with the processors that can be added and the topology, where they are said. */
export function buildSmpArgs({def, caps}: ArgvInput): readonly QemuArg[] {
  const {vcpus, cpu} = def;
  const present = presentVcpus(def);
  const topology = cpu?.topology;
  if (present === vcpus && !topology) return [textArg('-smp', String(vcpus))];
  const options = {
    maxcpus: present === vcpus ? undefined : vcpus,
    sockets: topology?.sockets ?? vcpus,
    dies: caps.flags.has('smp-dies') || topology?.dies !== 1 ? topology?.dies : undefined,
    cores: topology?.cores ?? 1,
    threads: topology?.threads ?? 1,
  };
  return [optionsArg('-smp', options, {key: 'cpus', value: String(present)})];
}

/**
 * The processors that are there when the machine is built. Those that can be unplugged again are plugged in before the
 * guest runs.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildSmpCommandLine
 */
export function presentVcpus({vcpus, vcpuPlacement, vcpuList}: ArgvInput['def']): number {
  const enabled = vcpuPlacement?.current ?? vcpus;
  const plugged = (vcpuList ?? []).filter(vcpu => vcpu.enabled && vcpu.hotpluggable).length;
  return Math.max(1, enabled - plugged);
}
