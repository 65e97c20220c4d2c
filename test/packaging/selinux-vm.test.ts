import {describe, expect, test} from 'vitest';
import {missingOnHost, vmFolder} from '../../packaging/selinux-vm/prepare.ts';
import {AgentAnswer, agentRequest} from '../../packaging/selinux-vm/vm-agent.ts';
import {vmArgs, vmFiles} from '../../packaging/selinux-vm/vm-args.ts';

describe('the answer of the agent in the VM', () => {
  /** What an answer that arrives in these pieces says. */
  function read(...pieces: readonly string[]) {
    let output = '';
    const answer = new AgentAnswer('nonce', bytes => {
      output += bytes.toString();
    });
    const statuses = pieces.map(piece => answer.push(Buffer.from(piece)));
    return {output, status: statuses.at(-1), early: statuses.slice(0, -1).filter(status => status !== undefined)};
  }

  test('is the output and the exit status', () => {
    expect(read('a\nb\n\nnonce 3\n')).toEqual({output: 'a\nb\n', status: 3, early: []});
    expect(read('\nnonce 0\n')).toEqual({output: '', status: 0, early: []});
  });

  test('may arrive in any pieces', () => {
    expect(read(...'long output\n\nnonce 12\n')).toEqual({output: 'long output\n', status: 12, early: []});
  });

  test('passes on what only looks like its end', () => {
    expect(read('\nnon', 'sense\nnonce1\n', '\nnonce 0\n')).toEqual({
      output: '\nnonsense\nnonce1\n',
      status: 0,
      early: [],
    });
  });

  test('answers a line without line ends inside', () => {
    expect(agentRequest('nonce', 'a\nb')).toBe('nonce YQpi\n');
  });
});

describe('the VM', () => {
  const machine = {files: vmFiles('/v', 'v2'), run: '/v/run', checkout: '/with,comma', cgroup: 'v2'} as const;

  test('keeps what it writes only while it is frozen', () => {
    expect(vmArgs({...machine, origin: {is: 'freeze'}}).join(' ')).not.toContain('snapshot=on');
    const resumed = vmArgs({...machine, origin: {is: 'resume'}}).join(' ');
    expect(resumed).toContain('snapshot=on');
    expect(resumed).toContain("-incoming exec:cat '/v/frozen-v2.state'");
  });

  test('gets the checkout read-only, commas doubled', () => {
    expect(vmArgs({...machine, origin: {is: 'resume'}}).join(' ')).toContain('path=/with,,comma,');
    expect(vmArgs({...machine, origin: {is: 'resume'}}).join(' ')).toMatch(/virtfs [^ ]*readonly=on/);
  });

  test('is kept apart for each version of control groups', () => {
    expect(vmFiles('/v', 'v1').frozenState).not.toBe(vmFiles('/v', 'v2').frozenState);
    expect(vmArgs({...machine, cgroup: 'v1', origin: {is: 'freeze'}}).join(' ')).toContain('hierarchy=0');
  });

  test('is where the environment says, or below .cache', () => {
    expect(vmFolder({VIRTTY_SELINUX_VM: '/elsewhere'})).toBe('/elsewhere');
    expect(vmFolder({})).toMatch(/\/\.cache\/selinux-vm$/);
  });
});

describe('what a host lacks for the VM', () => {
  test('is nothing for root with every program', () => {
    expect(missingOnHost(0, () => true)).toEqual([]);
  });

  test('is named with the command that installs it', () => {
    const [sentence] = missingOnHost(0, program => program !== 'debootstrap' && program !== 'qemu-img');
    expect(sentence).toContain('apt-get install -y --no-install-recommends debootstrap qemu-utils');
  });

  test('is root for everybody else', () => {
    expect(missingOnHost(1000, () => true)[0]).toContain('root');
  });
});
