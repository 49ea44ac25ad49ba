//! What is small and unpacks to much.

use std::io::{Cursor, Error, Result, Write};

use data_encoding::BASE64;
use flate2::{Compression, write::ZlibEncoder};
use image::{GrayImage, ImageFormat, Luma};
use zip::{ZipWriter, write::SimpleFileOptions};

/// As mails carry it.
pub(super) fn base64(out: &mut dyn Write, content: &[u8]) -> Result<()> {
    for some in content.chunks(57) {
        writeln!(out, "{}\r", BASE64.encode(some))?;
    }
    Ok(())
}

/// An archive with so many megabytes of zeros.
pub(super) fn zip_of_zeros(name: &str, megabytes: usize) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().large_file(true);
    zip.start_file(name, options).map_err(Error::other)?;
    let zeros = vec![0; 1 << 20];
    for _ in 0..megabytes {
        zip.write_all(&zeros)?;
    }
    zip.start_file("[Content_Types].xml", options)
        .map_err(Error::other)?;
    Ok(zip.finish().map_err(Error::other)?.into_inner())
}

pub(super) fn zip_of_names(names: usize) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..names {
        let name = format!("{number}.pdf.exe");
        zip.start_file(name, SimpleFileOptions::default())
            .map_err(Error::other)?;
    }
    Ok(zip.finish().map_err(Error::other)?.into_inner())
}

/// An archive that holds an archive, and so on.
pub(super) fn nested(depth: usize) -> Result<Vec<u8>> {
    let mut inner = b"MZ".to_vec();
    for _ in 0..depth {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("a.zip", SimpleFileOptions::default())
            .map_err(Error::other)?;
        zip.write_all(&inner)?;
        inner = zip.finish().map_err(Error::other)?.into_inner();
    }
    Ok(inner)
}

/// A picture full of what a code's corner looks like.
pub(super) fn corners(side: u32) -> Result<Vec<u8>> {
    let picture = GrayImage::from_fn(side, side, |x, y| {
        // Each module four points, so that it still is one where the picture is made smaller.
        let (x, y) = (x / 8 % 9, y / 8 % 9);
        let ring = |at: u32| at.abs_diff(3);
        let far = ring(x).max(ring(y));
        Luma([if far == 2 || far > 3 { 255 } else { 0 }])
    });
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(Error::other)?;
    Ok(png.into_inner())
}

/// A document whose one page is so many megabytes of zeros.
pub(super) fn pdf_of_zeros(megabytes: usize) -> Result<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..megabytes {
        packed.write_all(&zeros)?;
    }
    let stream = packed.finish()?;
    let mut pdf = format!(
        "%PDF-1.7\n1 0 obj\n<< /Length {} /Filter /FlateDecode >>\nstream\n",
        stream.len()
    )
    .into_bytes();
    pdf.extend(stream);
    pdf.extend(
        b"\nendstream\nendobj\n2 0 obj\n<< /S /URI /URI (https://a.example/x) >>\nendobj\n%%EOF\n",
    );
    Ok(pdf)
}
