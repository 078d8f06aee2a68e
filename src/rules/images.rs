//! What a picture is, from its first bytes.

/// Kinds of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG
    Png,
    /// JPEG
    Jpeg,
    /// GIF
    Gif,
    /// WebP
    Webp,
    /// Windows icon
    Ico,
    /// BMP
    Bmp,
    /// SVG
    Svg,
}

impl Format {
    /// As a person calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Ico => "ICO",
            Self::Bmp => "BMP",
            Self::Svg => "SVG",
        }
    }

    /// The format that a file ending promises.
    pub fn of_name(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        Some(match ending.to_ascii_lowercase().as_str() {
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            "gif" => Self::Gif,
            "webp" => Self::Webp,
            "ico" => Self::Ico,
            "bmp" => Self::Bmp,
            "svg" => Self::Svg,
            _ => return None,
        })
    }

    /// The format of the content; `None` when it is no picture that is known here.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => return Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => return Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', ..] => return Some(Self::Gif),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => return Some(Self::Webp),
            [0, 0, 1, 0, ..] => return Some(Self::Ico),
            [b'B', b'M', ..] => return Some(Self::Bmp),
            _ => {}
        }
        memchr::memmem::find(bytes, b"<svg").map(|_| Self::Svg)
    }
}

/// Width and height: pixels, or the units of an SVG.
pub fn size(bytes: &[u8]) -> Option<(f64, f64)> {
    let at = |start: usize, count: usize| bytes.get(start..start + count);
    let big = |start, count| {
        Some(
            at(start, count)?
                .iter()
                .fold(0, |n, b| n << 8 | u32::from(*b)),
        )
    };
    let little = |start, count| {
        Some(
            at(start, count)?
                .iter()
                .rev()
                .fold(0, |n, b| n << 8 | u32::from(*b)),
        )
    };
    let (width, height): (u32, u32) = match Format::of_bytes(bytes)? {
        Format::Png => (big(16, 4)?, big(20, 4)?),
        Format::Gif => (little(6, 2)?, little(8, 2)?),
        Format::Bmp => (little(18, 4)?, little(22, 4)?),
        Format::Jpeg => jpeg(bytes)?,
        Format::Webp => match at(12, 4)? {
            b"VP8 " => (little(26, 2)? & 0x3fff, little(28, 2)? & 0x3fff),
            b"VP8X" => (little(24, 3)? + 1, little(27, 3)? + 1),
            b"VP8L" => {
                let packed = little(21, 4)?;
                ((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1)
            }
            _ => return None,
        },
        Format::Ico => {
            let full = |side: u32| if side == 0 { 256 } else { side };
            (full(little(6, 1)?), full(little(7, 1)?))
        }
        Format::Svg => return svg(&String::from_utf8_lossy(bytes)),
    };
    Some((f64::from(width), f64::from(height)))
}

/// The frame header, after any number of other segments.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [0xff, marker, high, low, rest @ ..] = bytes.get(at..)? else {
            return None;
        };
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let [_, h1, h0, w1, w0, ..] = rest else {
                return None;
            };
            let pair = |high: &u8, low: &u8| u32::from(*high) << 8 | u32::from(*low);
            return Some((pair(w1, w0), pair(h1, h0)));
        }
        at += 2 + (usize::from(*high) << 8 | usize::from(*low)).max(2);
    }
}

/// `viewBox`, or else `width` and `height`.
fn svg(text: &str) -> Option<(f64, f64)> {
    let start = text.find("<svg")?;
    let tag = text.get(start..)?;
    let tag = tag.get(..tag.find('>')?)?;
    if let Some(view) = attribute(tag, "viewBox") {
        let mut numbers = view
            .split([' ', ',', '\n', '\t'])
            .filter(|it| !it.is_empty())
            .skip(2);
        let sides = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        return Some(sides);
    }
    let side = |name| -> Option<f64> {
        attribute(tag, name)?
            .trim_end_matches("px")
            .trim()
            .parse()
            .ok()
    };
    Some((side("width")?, side("height")?))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    for (at, _) in tag.match_indices(name) {
        let before = tag.get(..at)?.chars().next_back()?;
        let rest = tag.get(at + name.len()..)?.trim_start();
        let Some(value) = rest.strip_prefix('=').filter(|_| before.is_whitespace()) else {
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        return value.get(1..)?.split(quote).next();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20";
        assert_eq!(size(png), Some((16.0, 32.0)));
        assert_eq!(size(b"GIF89a\x01\0\x02\0"), Some((1.0, 2.0)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x03\0\x05";
        assert_eq!(size(jpeg), Some((5.0, 3.0)));
        let svg = "<?xml?><svg stroke-width='3' width=\"9\" viewBox=\"0 0 4 5.5\"></svg>";
        assert_eq!(size(svg.as_bytes()), Some((4.0, 5.5)));
        assert_eq!(
            size(b"<svg width='10px' height=\"20\">"),
            Some((10.0, 20.0))
        );
        for broken in [
            &b"\xff\xd8\xff"[..],
            b"\x89PNG",
            b"<svg",
            b"<svg viewBox='0 0'>",
            b"RIFF",
            b"",
        ] {
            assert_eq!(size(broken), None);
        }
    }
}
