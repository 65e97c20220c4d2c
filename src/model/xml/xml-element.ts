/** A place in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  /** In UTF-16 units; a tab is one. */
  readonly column: number;
}

/** One element of a parsed text, with the places that a message about it names. */
export interface XmlElement extends Place {
  readonly name: string;
  /** Values with entities replaced, in the order of the text. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text and CDATA directly inside, without white space at both ends. */
  readonly text: string;
  /** The same, as it stands. */
  readonly rawText: string;
  /** Where an attribute's name stands; the element's own place when it has no such attribute. */
  attributePlace(name: string): Place;
}
