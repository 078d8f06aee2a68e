//! The table of an archive's entries, found and read as Go's `archive/zip` does it, because that
//! is what the daemon uses. Two entries of one name stay two.

use super::bytes::Bytes;
use super::entry::ArchiveEntry;
use crate::source::limits::{MAX_DIRECTORY_BYTES, MAX_ENTRIES};

/// Why the bytes are no archive that the daemon can open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// There are no bytes.
    Empty,
    /// They begin as something else does; what that is, in words, if it is known.
    Foreign(Option<&'static str>),
    /// They begin as an archive and end before its table of entries.
    CutOff,
    /// The table of entries is not where the end of the archive says, or is damaged.
    Damaged,
    /// The system refused to read; its own words.
    Unreadable(String),
}

#[derive(Debug)]
pub(super) struct Directory {
    pub(super) entries: Vec<ArchiveEntry>,
    pub(super) comment: Vec<u8>,
    /// There are more entries than are looked at.
    pub(super) truncated: bool,
}

const END: [u8; 4] = *b"PK\x05\x06";
const END_LENGTH: usize = 22;
const END64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR64: [u8; 4] = *b"PK\x06\x07";
const LOCATOR64_LENGTH: u64 = 20;
const HEADER: [u8; 4] = *b"PK\x01\x02";
const HEADER_LENGTH: usize = 46;
/// How far from the end its record is looked for: a comment has at most 65,535 bytes.
const END_REACH: u64 = 65 * 1024;

pub(super) fn read(bytes: &Bytes) -> Result<Directory, Defect> {
    if bytes.length() == 0 {
        return Err(Defect::Empty);
    }
    let unreadable = |error: std::io::Error| Defect::Unreadable(error.to_string().to_lowercase());
    let reach = bytes.length().min(END_REACH);
    let tail_at = bytes.length() - reach;
    let tail = bytes.block(tail_at, reach).map_err(unreadable)?;
    let Some((at, end)) = find_end(&tail) else {
        return Err(no_end(&bytes.block(0, 512).map_err(unreadable)?));
    };
    let mut end_at = tail_at + at as u64;
    let comment = end.get(END_LENGTH..).unwrap_or_default();
    let comment = comment.get(..usize::from(u16_at(end, 20).unwrap_or(0)));
    let comment = comment.ok_or(Defect::Damaged)?.to_vec();
    let mut table = Table::of(end).ok_or(Defect::Damaged)?;
    // Go compares the size with 16 bits, too
    let full = table.count == 0xffff || table.size == 0xffff || table.offset == 0xffff_ffff;
    if full && let Some((at, larger)) = end64(bytes, end_at).map_err(unreadable)? {
        (end_at, table) = (at, larger.ok_or(Defect::Damaged)?);
    }
    let (start, base) = table.start(bytes, end_at).ok_or(Defect::Damaged)?;
    let block = bytes
        .block(start, MAX_DIRECTORY_BYTES)
        .map_err(unreadable)?;
    entries(&block, base, comment, &table, bytes.length() - start)
}

/// Where the table is.
struct Table {
    count: u64,
    size: u64,
    offset: u64,
}

impl Table {
    fn of(end: &[u8]) -> Option<Self> {
        Some(Self {
            count: u16_at(end, 10)?.into(),
            size: u32_at(end, 12)?.into(),
            offset: u32_at(end, 16)?.into(),
        })
    }

    /// Where the table begins, and how far every offset is shifted: bytes may stand before the
    /// archive, as in programs that unpack themselves.
    fn start(&self, bytes: &Bytes, end_at: u64) -> Option<(u64, i64)> {
        let base = i128::from(end_at) - i128::from(self.size) - i128::from(self.offset);
        let at = u64::try_from(base + i128::from(self.offset)).ok()?;
        if at >= bytes.length() {
            return None;
        }
        let plain = bytes.block(self.offset, HEADER_LENGTH as u64).ok()?;
        if base > 0 && plain.starts_with(&HEADER) {
            return Some((self.offset, 0));
        }
        Some((at, i64::try_from(base).ok()?))
    }
}

/// The last end record whose comment fits, and everything from there.
fn find_end(tail: &[u8]) -> Option<(usize, &[u8])> {
    let last = tail.len().checked_sub(END_LENGTH)?;
    let at = memchr::memmem::rfind(tail.get(..last + END.len())?, &END)?;
    let end = tail.get(at..)?;
    let comment = usize::from(u16_at(end, 20)?);
    (END_LENGTH + comment <= end.len()).then_some((at, end))
}

/// The record of archives that are too large for the plain one. `None`: there is none, and the
/// plain one counts; `Some((_, None))`: it is pointed at and is none.
type Found64 = Option<(u64, Option<Table>)>;

fn end64(bytes: &Bytes, end_at: u64) -> std::io::Result<Found64> {
    let Some(at) = end_at.checked_sub(LOCATOR64_LENGTH) else {
        return Ok(None);
    };
    let locator = bytes.block(at, LOCATOR64_LENGTH)?;
    let one_disk = u32_at(&locator, 4) == Some(0) && u32_at(&locator, 16) == Some(1);
    if !locator.starts_with(&LOCATOR64) || !one_disk {
        return Ok(None);
    }
    let Some(at) = u64_at(&locator, 8) else {
        return Ok(None);
    };
    let record = bytes.block(at, 56)?;
    let table = || {
        Some(Table {
            count: u64_at(&record, 32)?,
            size: u64_at(&record, 40)?,
            offset: u64_at(&record, 48)?,
        })
    };
    let table = record.starts_with(&END64).then(table).flatten();
    Ok(Some((at, table)))
}

/// Reads headers until something else comes, as Go does: the count in the end record is only
/// compared afterwards, and only its lower 16 bits.
fn entries(
    block: &[u8],
    base: i64,
    comment: Vec<u8>,
    table: &Table,
    available: u64,
) -> Result<Directory, Defect> {
    let mut entries = Vec::new();
    let mut at = 0;
    let mut truncated = false;
    while let Some((mut entry, length)) = header(block.get(at..).unwrap_or_default()) {
        if entries.len() == MAX_ENTRIES {
            truncated = true;
            break;
        }
        // an offset before the archive leads nowhere, as one behind it does
        entry.offset = entry.offset.checked_add_signed(base).unwrap_or(u64::MAX);
        entries.push(entry);
        at += length;
    }
    // a header that was cut by our own limit
    truncated |= available > block.len() as u64 && at + 3 * 65_536 > block.len();
    if !truncated && entries.len() & 0xffff != usize::try_from(table.count & 0xffff).unwrap_or(0) {
        return Err(Defect::Damaged);
    }
    Ok(Directory {
        entries,
        comment,
        truncated,
    })
}

fn header(bytes: &[u8]) -> Option<(ArchiveEntry, usize)> {
    if !bytes.starts_with(&HEADER) {
        return None;
    }
    let name = usize::from(u16_at(bytes, 28)?);
    let extra = usize::from(u16_at(bytes, 30)?);
    let remark = usize::from(u16_at(bytes, 32)?);
    let length = HEADER_LENGTH + name + extra + remark;
    let rest = bytes.get(HEADER_LENGTH..length)?;
    let mode = u32_at(bytes, 38)? >> 16;
    // the upper byte says on which system the archive was made: 3 is Unix, 19 macOS
    let unix = matches!(u16_at(bytes, 4)? >> 8, 3 | 19);
    let mut entry = ArchiveEntry {
        name: rest.get(..name)?.to_vec(),
        flags: u16_at(bytes, 8)?,
        method: u16_at(bytes, 10)?,
        crc: u32_at(bytes, 16)?,
        packed: u32_at(bytes, 20)?.into(),
        size: u32_at(bytes, 24)?.into(),
        offset: u32_at(bytes, 42)?.into(),
        mode: unix.then_some(mode),
    };
    wide(&mut entry, rest.get(name..name + extra)?)?;
    Some((entry, length))
}

/// Sizes and offsets that did not fit into the header stand in an extra field.
fn wide(entry: &mut ArchiveEntry, mut extra: &[u8]) -> Option<()> {
    const MANY: u64 = u32::MAX as u64;
    let mut pending = [
        entry.size == MANY,
        entry.packed == MANY,
        entry.offset == MANY,
    ];
    while let (Some(tag), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(mut field) = extra.get(4..4 + usize::from(length)) else {
            break;
        };
        extra = extra.get(4 + usize::from(length)..).unwrap_or_default();
        if tag != 1 {
            continue;
        }
        let places = [&mut entry.size, &mut entry.packed, &mut entry.offset];
        for (place, pending) in places.into_iter().zip(&mut pending) {
            if std::mem::take(pending) {
                *place = u64_at(field, 0)?;
                field = field.get(8..)?;
            }
        }
    }
    // Go lets a size of exactly 2^32-1 stand
    (!pending[1] && !pending[2]).then_some(())
}

/// What bytes without an end record are.
fn no_end(start: &[u8]) -> Defect {
    const KNOWN: [(&[u8], &str); 10] = [
        (
            b"version https://git-lfs",
            "a pointer of Git LFS, not the file itself",
        ),
        (b"<!DOCTYPE", "a web page"),
        (b"<!doctype", "a web page"),
        (b"<html", "a web page"),
        (b"{", "JSON, perhaps the error message of a download"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"Rar!", "a RAR archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
    ];
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x01\x02") {
        return Defect::CutOff;
    }
    let text = start.trim_ascii_start();
    let known = KNOWN.iter().find(|(magic, _)| text.starts_with(magic));
    let tar = start.get(257..262) == Some(b"ustar");
    Defect::Foreign(
        known
            .map(|(_, words)| *words)
            .or(tar.then_some("a tar archive")),
    )
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .copied()
        .map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .copied()
        .map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes
        .get(at..)?
        .first_chunk()
        .copied()
        .map(u64::from_le_bytes)
}
