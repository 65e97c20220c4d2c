import {element, type XmlNode} from '../xml/write-xml.ts';
import type {XmlElement} from '../xml/xml-element.ts';
import type {Field} from './field.ts';

/** A child that is kept as it stands, with all that is in it. */
export function opaqueChild(name: string): Field<XmlNode> {
  return {
    read: reader => {
      const found = reader.child(name)?.element;
      reader.tolerateTree(name);
      return found && copyElement(found);
    },
    write: (value, into) => {
      into.children.push(value);
    },
    place: {child: name},
  };
}

/**
 * The same for what others have put there, in which libvirt lets libxml2 print: with double quotes.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefFormatInternalSetRootName, `metadata`
 */
export function foreignChild(name: string): Field<XmlNode> {
  const field = opaqueChild(name);
  return {...field, write: (value, into, context) => field.write(quoted(value), into, context)};
}

function quoted(node: XmlNode): XmlNode {
  return {...node, content: typeof node.content === 'string' ? node.content : node.content.map(quoted), quote: '"'};
}

/** All children of a name, as they stand. */
export function opaqueList(name: string): Field<readonly XmlNode[]> {
  return {
    read: reader => {
      const found = reader.element.children.filter(element => element.name === name);
      reader.tolerateTree(name);
      return found.length === 0 ? undefined : found.map(copyElement);
    },
    write: (values, into) => {
      into.children.push(...values);
    },
    place: {child: name},
  };
}

/** An element as it is written; text beside elements is left out, because the writer indents. */
export function copyElement(source: XmlElement): XmlNode {
  const content = source.children.length > 0 ? source.children.map(copyElement) : source.rawText;
  return element(source.name, Object.fromEntries(source.attributes), content);
}
