//! Changes inputs at random: bytes, lines, words, and pieces of other inputs.

/// A small generator (SplitMix64): the same numbers everywhere.
pub struct Mutator(u64);

/// Words and signs to which some reader gives a meaning.
pub const WORDS: [&str; 64] = [
    "\n",
    "\r\n",
    "\t",
    "  ",
    ": ",
    "- ",
    "? ",
    "# ",
    "'",
    "\"",
    "{",
    "}",
    "[",
    "]",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "!!str ",
    "!!binary ",
    "<<: *a",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\u{feff}",
    "null",
    "~",
    "yes",
    "1_000",
    "0x1F",
    "0o17",
    "1e309",
    ".nan",
    "-0",
    "2024-02-30",
    "12:30:45",
    "99999999999999999999",
    "é",
    "名",
    "🚀",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\u{d7ff}",
    "../",
    "/",
    "\\",
    "**",
    "[!a-z]",
    "..",
    "# difylint: ignore[ALL]",
    "# difylint: ignore-file[",
    "-->",
    "<!--",
    "from . import *",
    "class A(Tool):\n",
    "f\"{",
    "'''",
    "\\\n",
    ">=0.4.0,",
    "; python_version<\"3\"",
    "PK\u{1}\u{2}",
    "en_US",
    "type: ",
];

impl Mutator {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this one, which is at least 1.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most.max(1) as u64) as usize
    }

    /// The input with one to eight changes, most often few.
    pub fn mutate(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(2).pow(2) + self.below(4) * self.below(2) {
            self.change(&mut bytes, other);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(bytes.len() + 1);
        let some = 1 + self.below(16);
        let end = (at + some).min(bytes.len());
        match self.below(16) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 if at < bytes.len() => bytes[at] = self.below(256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + self.below(3) * self.below(100);
                drop(bytes.splice(at..at, piece.repeat(times)));
            }
            5 => {
                let from = self.below(other.len() + 1);
                let piece = &other[from..(from + self.below(200)).min(other.len())];
                drop(bytes.splice(at..end, piece.iter().copied()));
            }
            6 => {
                bytes.truncate(at);
                bytes.extend(&other[self.below(other.len() + 1)..]);
            }
            7 => {
                let number = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff_u32];
                let number = number[self.below(number.len())].to_le_bytes();
                let length = (at + [1, 2, 4][self.below(3)]).min(bytes.len());
                drop(bytes.splice(at..length, number.into_iter().take(length - at)));
            }
            8 | 9 => self.lines(bytes, other),
            10 | 11 => self.value(bytes),
            12 | 13 => {
                let word = WORDS[self.below(WORDS.len())];
                drop(bytes.splice(at..at, word.bytes()));
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())];
                drop(bytes.splice(at..end, word.bytes()));
            }
        }
    }

    /// Leaves out a line, says it twice, moves it, indents it, or takes one from elsewhere.
    fn lines(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let mut lines: Vec<Vec<u8>> = bytes
            .split_inclusive(|it| *it == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        if lines.is_empty() {
            return;
        }
        let (at, to) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(to, lines[at].clone()),
            2 => lines.swap(at, to),
            3 => drop(lines[at].splice(0..0, *b"  ")),
            4 if lines[at].starts_with(b"  ") => drop(lines[at].drain(..2)),
            _ => {
                let others: Vec<&[u8]> = other.split_inclusive(|it| *it == b'\n').collect();
                if !others.is_empty() {
                    lines.insert(at, others[self.below(others.len())].to_vec());
                }
            }
        }
        *bytes = lines.concat();
    }

    /// Gives another value to a key: what most mistakes are.
    fn value(&mut self, bytes: &mut Vec<u8>) {
        let colons: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at..].starts_with(b": "))
            .collect();
        if colons.is_empty() {
            return;
        }
        let start = colons[self.below(colons.len())] + 2;
        let end = bytes[start..]
            .iter()
            .position(|it| *it == b'\n')
            .map_or(bytes.len(), |it| start + it);
        let word = WORDS[self.below(WORDS.len())];
        drop(bytes.splice(start..end, word.bytes()));
    }
}
