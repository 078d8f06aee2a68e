use super::bytes::Bytes;
use super::directory::{u16_at, u32_at};
use super::entry::ArchiveEntry;
use std::fmt;
use std::io::{self, Read, Write};

/// Why the content of an entry cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// It is compressed by a method that Go does not know: its number.
    Method(u16),
    /// A password is needed.
    Encrypted,
    /// There is no header where the table says.
    NoHeader,
    /// The compressed bytes are damaged or end too early.
    Damaged,
    /// It does not have the size that the table says.
    Size,
    /// It does not have the checksum that the table says.
    Checksum,
    /// The system refused to read; its own words.
    Refused(String),
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(number) => write!(f, "it is compressed by {}", method_name(*number)),
            Self::Encrypted => f.write_str("it is encrypted"),
            Self::NoHeader => f.write_str("its content is not where the archive says"),
            Self::Damaged => f.write_str("its compressed bytes are damaged"),
            Self::Size => f.write_str("its content does not have the size that the archive says"),
            Self::Checksum => f.write_str("its content does not have the checksum that it should"),
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

/// A method of compression in words.
fn method_name(number: u16) -> String {
    let known = match number {
        9 => "deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "zstd",
        95 => "xz",
        98 => "PPMd",
        99 => "AES",
        number => return format!("method {number}"),
    };
    known.to_owned()
}

const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
const LOCAL_LENGTH: u64 = 30;

/// Where the compressed bytes of an entry begin.
pub(super) fn start(bytes: &Bytes, entry: &ArchiveEntry) -> Result<u64, BodyFault> {
    if entry.is_encrypted() {
        return Err(BodyFault::Encrypted);
    }
    if !matches!(entry.method, 0 | 8) {
        return Err(BodyFault::Method(entry.method));
    }
    let header = bytes.block(entry.offset, LOCAL_LENGTH).map_err(refused)?;
    let (Some(name), Some(extra)) = (u16_at(&header, 26), u16_at(&header, 28)) else {
        return Err(BodyFault::NoHeader);
    };
    if !header.starts_with(LOCAL_HEADER) {
        return Err(BodyFault::NoHeader);
    }
    let head = LOCAL_LENGTH + u64::from(name) + u64::from(extra);
    Ok(entry.offset.saturating_add(head))
}

/// Unpacks an entry, proves size and checksum as Go does, and never writes more than it is said
/// to have.
pub(super) fn copy(
    bytes: &Bytes,
    entry: &ArchiveEntry,
    out: &mut dyn Write,
) -> Result<(), BodyFault> {
    let at = start(bytes, entry)?;
    let section = bytes.section(at, entry.packed).map_err(refused)?;
    let mut checked = Checked {
        out,
        crc: flate2::Crc::new(),
    };
    let most = entry.size.saturating_add(1);
    let copied = if entry.method == 0 {
        io::copy(&mut section.take(most), &mut checked)
    } else {
        let section = io::BufReader::with_capacity(32 * 1024, section);
        let inflated = flate2::bufread::DeflateDecoder::new(section);
        io::copy(&mut inflated.take(most), &mut checked)
    };
    match copied {
        Err(error) if is_damage(&error) => return Err(BodyFault::Damaged),
        Err(error) => return Err(refused(error)),
        Ok(count) if count != entry.size => return Err(BodyFault::Size),
        Ok(_) => {}
    }
    let sum = checked.crc.sum();
    // without a descriptor, Go takes a checksum of zero for none at all
    let counts = entry.crc != 0 || entry.has_descriptor();
    if counts && sum != entry.crc {
        return Err(BodyFault::Checksum);
    }
    if entry.has_descriptor() {
        descriptor(bytes, entry, at)?;
    }
    Ok(())
}

/// The checksum stands again behind the content, with or without a mark before it.
fn descriptor(bytes: &Bytes, entry: &ArchiveEntry, at: u64) -> Result<(), BodyFault> {
    let after = at.saturating_add(entry.packed);
    let block = bytes.block(after, 8).map_err(refused)?;
    let crc = if block.starts_with(b"PK\x07\x08") {
        u32_at(&block, 4)
    } else {
        u32_at(&block, 0)
    };
    if crc == Some(entry.crc) {
        Ok(())
    } else {
        Err(BodyFault::Checksum)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the form that `map_err` takes"
)]
fn refused(error: io::Error) -> BodyFault {
    BodyFault::Refused(error.to_string().to_lowercase())
}

fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

struct Checked<'o> {
    out: &'o mut dyn Write,
    crc: flate2::Crc,
}

impl Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.crc.update(bytes);
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
