import {attr, child, childAttr, list, needed, required} from '../fields/element-fields.ts';
import {elementOf, type FieldContext} from '../fields/field.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {anyText, oneOf, text, written} from '../fields/scalar.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import type {XmlNode} from '../xml/write-xml.ts';
import type {XmlElement} from '../xml/xml-element.ts';

/** Source: libvirt 9.0.0, docs/drvqemu, "Pass-through of arbitrary QEMU commands". */
const NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

/** The prefix under which it is printed. */
const PREFIX = 'qemu';

const variable = written(text, /^[A-Za-z0-9_]+$/, "the name of a variable: letters, digits and '_'");

function fieldsUnder(prefix: string) {
  const name = (local: string) => `${prefix}:${local}`;
  const environment = record({name: required(attr('name', variable), "name='NAME'"), value: attr('value', anyText)});
  const property = record({
    name: required(attr('name', text), "name='NAME'"),
    type: required(attr('type', oneOf('string', 'signed', 'unsigned', 'bool', 'remove')), "type='string'"),
    value: attr('value', anyText),
  });
  const device = record({
    alias: required(attr('alias', text), "alias='NAME'"),
    frontend: child(name('frontend'), list(name('property'), property)),
  });
  const capability = (local: string) => list(name(local), needed(attr('capability', text)));
  return record({
    commandline: child(
      name('commandline'),
      record({args: list(name('arg'), needed(attr('value', anyText))), env: list(name('env'), environment)}),
    ),
    capabilities: child(name('capabilities'), record({add: capability('add'), del: capability('del')})),
    override: child(name('override'), list(name('device'), device)),
    deprecation: childAttr(name('deprecation'), 'behavior', oneOf('none', 'omit', 'reject', 'crash')),
  });
}

const printed = fieldsUnder(PREFIX);

/** What goes to the emulator besides what libvirt has words for. */
export type QemuNamespaceDef = ValueOf<typeof printed>;

/** Properties of one device, by its alias, in place of or besides the driver's own. */
export type QemuOverride = NonNullable<QemuNamespaceDef['override']>[number];

/** Reads the elements of the namespace, whatever prefix it has; undefined when there are none. */
export function parseQemuNamespace(domain: ElementReader, context: FieldContext): QemuNamespaceDef | undefined {
  for (const prefix of prefixesOf(domain.element)) {
    const found = (prefix === PREFIX ? printed : fieldsUnder(prefix)).read(domain, context);
    if (found && Object.keys(found).length > 0) return found;
  }
  return undefined;
}

/** The prefixes that stand for the namespace, declared by the domain or by an element in it. */
function prefixesOf({attributes, children}: XmlElement): ReadonlySet<string> {
  const declared = [attributes, ...children.map(child => child.attributes)].flatMap(some => [...some]);
  const names = declared.flatMap(([name, value]) => (value === NAMESPACE && name.startsWith('xmlns:') ? [name] : []));
  return new Set(names.map(name => name.slice('xmlns:'.length)));
}

/** The attribute of `<domain>` and the elements; nothing when there are none. */
export function formatQemuNamespace(
  qemu: QemuNamespaceDef | undefined,
  context: FieldContext,
): {readonly attributes: Readonly<Record<string, string>>; readonly elements: readonly XmlNode[]} {
  if (!qemu) return {attributes: {}, elements: []};
  const {content} = elementOf('domain', printed, qemu, context);
  return {attributes: {[`xmlns:${PREFIX}`]: NAMESPACE}, elements: typeof content === 'string' ? [] : content};
}
