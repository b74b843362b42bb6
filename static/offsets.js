// The service counts code points, JavaScript counts UTF-16 units.

/** The UTF-16 index of the code point `count` places into `text`. */
export function utf16Index(text, count) {
  let index = 0;
  for (let seen = 0; seen < count && index < text.length; seen += 1) {
    index += text.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return index;
}

/** How many code points `text` has. */
export function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
