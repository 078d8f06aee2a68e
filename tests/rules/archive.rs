//! Archives for tests, sound and hostile. Written byte by byte, because the hostile ones are what
//! no archiver would write.

use difylint::source::Memory;
use std::io::Write as _;

/// An entry as it is written.
pub struct Item {
    pub name: Vec<u8>,
    pub content: Vec<u8>,
    pub method: u16,
    /// 1: encrypted; 8: checksum and sizes follow the content, as the packager writes them.
    pub flags: u16,
    pub crc: Option<u32>,
    pub size: Option<u32>,
    pub mode: u32,
}

impl Item {
    pub fn new(name: &[u8], content: &[u8]) -> Self {
        Self {
            name: name.to_vec(),
            content: content.to_vec(),
            method: 8,
            flags: 0,
            crc: None,
            size: None,
            mode: 0o100_644,
        }
    }
}

/// The entries of these files, in order of path.
pub fn items(files: &Memory) -> Vec<Item> {
    let item = |path: &str| Item::new(path.as_bytes(), files.get(path).unwrap());
    files.paths().map(item).collect()
}

/// The archive of these entries.
pub fn zip(items: &[Item], comment: &[u8]) -> Vec<u8> {
    let (mut out, mut table) = (Vec::new(), Vec::new());
    for item in items {
        let offset = out.len() as u32;
        let mut packed = item.content.clone();
        if item.method == 8 {
            let level = flate2::Compression::new(6);
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
            encoder.write_all(&item.content).unwrap();
            packed = encoder.finish().unwrap();
        }
        let mut crc = flate2::Crc::new();
        crc.update(&item.content);
        let mut facts = Vec::new();
        // version, flags, method, time, date
        for number in [20, item.flags, item.method, 0, 0x21] {
            facts.extend(number.to_le_bytes());
        }
        facts.extend(item.crc.unwrap_or(crc.sum()).to_le_bytes());
        facts.extend((packed.len() as u32).to_le_bytes());
        facts.extend(item.size.unwrap_or(item.content.len() as u32).to_le_bytes());
        facts.extend((item.name.len() as u16).to_le_bytes());
        facts.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(&item.name);
        let length = packed.len() as u32;
        out.extend(packed);
        if item.flags & 8 != 0 {
            out.extend(b"PK\x07\x08");
            out.extend(item.crc.unwrap_or(crc.sum()).to_le_bytes());
            out.extend(length.to_le_bytes());
            out.extend((item.content.len() as u32).to_le_bytes());
        }
        // made on Unix
        table.extend(b"PK\x01\x02\x14\x03");
        table.extend(&facts);
        // comment, disk, internal attributes
        table.extend([0; 6]);
        table.extend((item.mode << 16).to_le_bytes());
        table.extend(offset.to_le_bytes());
        table.extend(&item.name);
    }
    let start = out.len() as u32;
    out.extend(&table);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend((items.len() as u16).to_le_bytes());
    }
    out.extend((table.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend((comment.len() as u16).to_le_bytes());
    out.extend(comment);
    out
}
