import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The flags under which a test of libvirt runs, e.g. `DO_TEST_CAPS_LATEST` without any. */
export interface TestMacro {
  readonly macro: string;
  readonly args: readonly string[];
}

/** An expected XML, and for which emulator and state it holds. */
export interface ExpectedXml {
  readonly file: string;
  readonly caps: 'latest' | 'mincaps';
  readonly state: 'both' | 'active' | 'inactive';
}

/** A case of `xml2xml-modern/MANIFEST.json`. */
export interface ModernCase {
  readonly name: string;
  readonly group: 'latest' | 'mincaps';
  /** What ordinary servers use. */
  readonly core?: boolean;
  /** Where upstream has its command line; the case's own is called after the case. */
  readonly args?: string;
  readonly argv_test: readonly TestMacro[];
  readonly out: readonly ExpectedXml[];
  readonly xml_test: readonly TestMacro[];
}

/** The folder of the modern cases; undefined when a corpus has none. */
export function modernFolder(corpus: string): string | undefined {
  const folder = join(corpus, 'xml2xml-modern');
  return existsSync(join(folder, 'MANIFEST.json')) ? folder : undefined;
}

/** All cases of a folder. */
export function readModernCases(folder: string): readonly ModernCase[] {
  return JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8'));
}
