import {element, type XmlNode} from '../xml/write-xml.ts';
import type {XmlElement} from '../xml/xml-element.ts';
import type {Field} from './field.ts';

/**
 * A child that is kept as it stands, with all that is in it.
 *
 * @param form  what it has to be where the schema counts; without one that is anything
 */
export function opaqueChild(name: string, form?: Field<unknown>): Field<XmlNode> {
  return {
    read: (reader, context) => {
      const child = reader.child(name);
      if (reader.isStrict && form && child) form.read(child, context);
      else reader.tolerateTree(name);
      return child && copyElement(child.element);
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

/** All children of a name, as they stand. @param form  as of `opaqueChild` */
export function opaqueList(name: string, form?: Field<unknown>): Field<readonly XmlNode[]> {
  return {
    read: (reader, context) => {
      const found = reader.element.children.filter(element => element.name === name);
      if (reader.isStrict && form) for (const child of reader.children(name)) form.read(child, context);
      else reader.tolerateTree(name);
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
