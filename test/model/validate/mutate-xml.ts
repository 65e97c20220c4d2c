import type {XmlElement} from '../../../src/model/xml/xml-element.ts';

/** A tree that can be changed; namespaces are attributes as any other. */
export interface Node {
  name: string;
  attributes: [name: string, value: string][];
  children: Node[];
  text: string;
}

/** A number from 0 up to, not including, `below`; the same sequence for the same seed. */
export type Random = (below: number) => number;

/** Source: mulberry32, by Tommy Ettinger, in the public domain. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

export function nodeOf(element: XmlElement): Node {
  return {
    name: element.name,
    attributes: [...element.attributes],
    children: element.children.map(nodeOf),
    text: element.children.length > 0 ? element.text : element.rawText,
  };
}

/** As XML, an element on each line, so that a place tells which one is meant. */
export function printNode({name, attributes, children, text}: Node, indent = ''): string {
  const head = `${indent}<${name}${attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('')}`;
  if (children.length === 0) return text === '' ? `${head}/>\n` : `${head}>${escaped(text)}</${name}>\n`;
  const inner = children.map(child => printNode(child, `${indent}  `)).join('');
  return `${head}>${text === '' ? '' : escaped(text)}\n${inner}${indent}</${name}>\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, character => `&#${character.charCodeAt(0)};`);
}

const VALUES = [
  '',
  ' ',
  '0',
  '1',
  '-1',
  '12',
  '4294967296',
  '0x1f',
  '1.5',
  'yes',
  'off',
  'no such word',
  'x/y',
  '/a/b',
  'é',
];

type Mutation = (root: Node, random: Random) => string | undefined;

/** Each changes the tree in one place and says what it did; undefined where there is nothing of its kind. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  removeAttribute: (root, random) => {
    const node = pick(
      all(root).filter(({attributes}) => attributes.length > 0),
      random,
    );
    const [removed] = node?.attributes.splice(random(node.attributes.length), 1) ?? [];
    return node && removed && `${removed[0]} of <${node.name}> removed`;
  },
  removeElement: (root, random) => {
    const parent = pick(
      all(root).filter(({children}) => children.length > 0),
      random,
    );
    const [removed] = parent?.children.splice(random(parent.children.length), 1) ?? [];
    return parent && removed && `<${removed.name}> removed from <${parent.name}>`;
  },
  renameAttribute: (root, random) => {
    const node = pick(
      all(root).filter(({attributes}) => attributes.length > 0),
      random,
    );
    const attribute = node && pick(node.attributes, random);
    if (!node || !attribute) return undefined;
    const [before] = attribute;
    const after = misspelt(before, attributeNames(root), random);
    if (node.attributes.some(([name]) => name === after)) return undefined;
    attribute[0] = after;
    return `${before} of <${node.name}> renamed to ${after}`;
  },
  renameElement: (root, random) => {
    const node = pick(all(root).slice(1), random);
    if (!node) return undefined;
    const before = node.name;
    node.name = misspelt(
      before,
      all(root).map(({name}) => name),
      random,
    );
    return before === node.name ? undefined : `<${before}> renamed to <${node.name}>`;
  },
  duplicateElement: (root, random) => {
    const parent = pick(
      all(root).filter(({children}) => children.length > 0),
      random,
    );
    const child = parent && pick(parent.children, random);
    if (!parent || !child) return undefined;
    parent.children.splice(random(parent.children.length + 1), 0, structuredClone(child));
    return `second <${child.name}> in <${parent.name}>`;
  },
  moveElement: (root, random) => {
    const parent = pick(
      all(root).filter(({children}) => children.length > 0),
      random,
    );
    const [child] = parent?.children.splice(random(parent.children.length), 1) ?? [];
    const target = pick(all(root), random);
    if (!parent || !child || !target) return undefined;
    target.children.push(child);
    return `<${child.name}> moved from <${parent.name}> to <${target.name}>`;
  },
  moveAttribute: (root, random) => {
    const node = pick(
      all(root).filter(({attributes}) => attributes.length > 0),
      random,
    );
    const [moved] = node?.attributes.splice(random(node.attributes.length), 1) ?? [];
    const target = pick(all(root), random);
    if (!node || !moved || !target || target.attributes.some(([name]) => name === moved[0])) return undefined;
    target.attributes.push(moved);
    return `${moved[0]} of <${node.name}> moved to <${target.name}>`;
  },
  changeAttribute: (root, random) => {
    const node = pick(
      all(root).filter(({attributes}) => attributes.length > 0),
      random,
    );
    const attribute = node && pick(node.attributes, random);
    if (!node || !attribute) return undefined;
    const [name, before] = attribute;
    attribute[1] = otherValue(before, root, random);
    return `${name} of <${node.name}> was '${before}', is '${attribute[1]}'`;
  },
  changeText: (root, random) => {
    const node = pick(
      all(root).filter(({text, children}) => text !== '' && children.length === 0),
      random,
    );
    if (!node) return undefined;
    const before = node.text;
    node.text = otherValue(before, root, random);
    return `<${node.name}> was '${before}', is '${node.text}'`;
  },
  addText: (root, random) => {
    const node = pick(
      all(root).filter(({text}) => text === ''),
      random,
    );
    if (!node) return undefined;
    node.text = pick(VALUES.slice(2), random) ?? 'x';
    return `text '${node.text}' in <${node.name}>`;
  },
};

/** One text with one mutation, and what was done. */
export interface Mutant {
  readonly xml: string;
  readonly what: string;
}

/** Mutants of a text, all different from it; the same for the same seed. */
export function mutantsOf(root: XmlElement, count: number, seed: number): readonly Mutant[] {
  const random = seededRandom(seed);
  const original = printNode(nodeOf(root));
  const mutants = new Map<string, Mutant>();
  for (let tries = 0; tries < count * 4 && mutants.size < count; tries++) {
    const node = nodeOf(root);
    const mutation = pick(Object.values(MUTATIONS), random);
    const what = mutation?.(node, random);
    const xml = printNode(node);
    if (what !== undefined && xml !== original) mutants.set(xml, {xml, what});
  }
  return [...mutants.values()];
}

function all(root: Node): readonly Node[] {
  return [root, ...root.children.flatMap(all)];
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[random(items.length)];
}

function attributeNames(root: Node): readonly string[] {
  return all(root).flatMap(({attributes}) => attributes.map(([name]) => name).filter(name => !name.includes(':')));
}

/** A typing error, or a word that means something elsewhere. */
function misspelt(name: string, words: readonly string[], random: Random): string {
  const at = random(name.length);
  switch (random(4)) {
    case 0:
      return `${name}x`;
    case 1:
      return name.length > 2 ? name.slice(0, at) + name.slice(at + 1) || 'x' : `${name}s`;
    case 2:
      return name.toUpperCase();
    default:
      return pick(words, random) ?? name;
  }
}

function otherValue(before: string, root: Node, random: Random): string {
  const words = all(root).flatMap(({attributes, text}) => [...attributes.map(([, value]) => value), text]);
  switch (random(4)) {
    case 0:
      return pick(words, random) ?? '';
    case 1:
      return `${before}x`;
    default:
      return pick(VALUES, random) ?? '';
  }
}
