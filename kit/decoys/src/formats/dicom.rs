//! DICOM part 10, explicit little endian: CT slices and frames of an ultrasound.

use crate::dice::Dice;
use crate::place::{Imaging, Place};
use crate::{MARK, Scale};

/// A slice of a body that is an ellipse, or the frames of an ultrasound (megabytes).
pub(super) fn image(dice: &mut Dice, place: &Place, scale: Scale) -> Vec<u8> {
    let small = scale == Scale::Large;
    if place.imaging == Imaging::Frames {
        let (side, frames) = if small { (128, 12) } else { (256, 40) };
        let pixels = (0..frames)
            .flat_map(|frame| ultrasound(dice, side, frame))
            .collect();
        Study {
            side,
            frames: Some(frames),
            class: ULTRASOUND,
            modality: "US",
            bits: 8,
            pixels,
        }
        .file(dice, place)
    } else {
        let side = if small { 160 } else { 448 };
        let pixels = slice(dice, side);
        Study {
            side,
            frames: None,
            class: CT,
            modality: "CT",
            bits: 16,
            pixels,
        }
        .file(dice, place)
    }
}

struct Study {
    side: u16,
    frames: Option<u16>,
    class: &'static str,
    modality: &'static str,
    bits: u16,
    pixels: Vec<u8>,
}

impl Study {
    /// Elements in the order of their tags, as the standard wants them.
    fn file(self, dice: &mut Dice, place: &Place) -> Vec<u8> {
        let (person, day) = (&place.person, place.day);
        let [instance, study, series] = [uid(dice), uid(dice), uid(dice)];
        let mut meta = Elements::default();
        meta.long(0x0002, 0x0001, b"OB", &[0, 1]);
        meta.text(0x0002, 0x0002, b"UI", self.class);
        meta.text(0x0002, 0x0003, b"UI", &instance);
        meta.text(0x0002, 0x0010, b"UI", "1.2.840.10008.1.2.1");
        meta.text(0x0002, 0x0012, b"UI", &uid(dice));
        let mut set = Elements::default();
        set.text(0x0008, 0x0005, b"CS", "ISO_IR 192");
        set.text(0x0008, 0x0016, b"UI", self.class);
        set.text(0x0008, 0x0018, b"UI", &instance);
        set.text(0x0008, 0x0020, b"DA", &day.plain());
        set.text(0x0008, 0x0030, b"TM", &day.time());
        set.text(
            0x0008,
            0x0050,
            b"SH",
            &format!("F{:08}", dice.between(0, 99_999_999)),
        );
        set.text(0x0008, 0x0060, b"CS", self.modality);
        set.text(0x0008, 0x0070, b"LO", "Appareil fictif");
        set.text(
            0x0008,
            0x0090,
            b"PN",
            &place.doctor.replace("Dr ", "").replace(' ', "^"),
        );
        set.text(0x0008, 0x1030, b"LO", MARK);
        set.text(
            0x0010,
            0x0010,
            b"PN",
            &format!("{}^{}", person.last, person.first),
        );
        set.text(0x0010, 0x0020, b"LO", &person.id());
        set.text(0x0010, 0x0030, b"DA", &person.born.plain());
        set.text(0x0010, 0x0040, b"CS", person.sex());
        set.text(0x0010, 0x4000, b"LT", "Aucune personne réelle");
        set.text(0x0020, 0x000D, b"UI", &study);
        set.text(0x0020, 0x000E, b"UI", &series);
        set.text(0x0020, 0x0010, b"SH", "1");
        set.text(0x0020, 0x0011, b"IS", "1");
        set.text(0x0020, 0x0013, b"IS", &dice.between(1, 400).to_string());
        set.number(0x0028, 0x0002, 1);
        set.text(0x0028, 0x0004, b"CS", "MONOCHROME2");
        if let Some(frames) = self.frames {
            set.text(0x0028, 0x0008, b"IS", &frames.to_string());
        }
        set.number(0x0028, 0x0010, self.side);
        set.number(0x0028, 0x0011, self.side);
        set.text(0x0028, 0x0030, b"DS", "0.7\\0.7");
        set.number(0x0028, 0x0100, self.bits);
        set.number(0x0028, 0x0101, self.bits.min(12));
        set.number(0x0028, 0x0102, self.bits.min(12) - 1);
        set.number(0x0028, 0x0103, 0);
        if self.bits == 16 {
            set.text(0x0028, 0x1052, b"DS", "-1024");
            set.text(0x0028, 0x1053, b"DS", "1");
        }
        let pixels: &[u8; 2] = if self.bits == 16 { b"OW" } else { b"OB" };
        set.long(0x7FE0, 0x0010, pixels, &self.pixels);
        let mut file = vec![0; 128];
        file.extend_from_slice(b"DICM");
        file.extend_from_slice(b"\x02\0\0\0UL\x04\0");
        file.extend_from_slice(&length(meta.bytes.len()).to_le_bytes());
        file.extend_from_slice(&meta.bytes);
        file.extend_from_slice(&set.bytes);
        file
    }
}

#[derive(Default)]
struct Elements {
    bytes: Vec<u8>,
}

impl Elements {
    fn tag(&mut self, group: u16, element: u16, representation: &[u8; 2]) {
        self.bytes.extend_from_slice(&group.to_le_bytes());
        self.bytes.extend_from_slice(&element.to_le_bytes());
        self.bytes.extend_from_slice(representation);
    }

    /// Every value is as long as an even number; UIDs are filled up with zero, texts with a space.
    fn text(&mut self, group: u16, element: u16, representation: &[u8; 2], text: &str) {
        let mut value = text.as_bytes().to_vec();
        let fill = if representation == b"UI" { 0 } else { b' ' };
        value.resize(value.len().next_multiple_of(2), fill);
        self.tag(group, element, representation);
        let length = u16::try_from(value.len()).expect("no text here is long");
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(&value);
    }

    fn number(&mut self, group: u16, element: u16, value: u16) {
        self.tag(group, element, b"US");
        self.bytes.extend_from_slice(&2_u16.to_le_bytes());
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn long(&mut self, group: u16, element: u16, representation: &[u8; 2], value: &[u8]) {
        self.tag(group, element, representation);
        self.bytes.extend_from_slice(&[0; 2]);
        self.bytes
            .extend_from_slice(&length(value.len()).to_le_bytes());
        self.bytes.extend_from_slice(value);
    }
}

/// Twelve bits a pixel: air, fat, organs, with the noise of a tube.
fn slice(dice: &mut Dice, side: u16) -> Vec<u8> {
    let middle = i64::from(side / 2);
    let (wide, high) = (middle * 9 / 10, middle * 7 / 10);
    let organs: Vec<[i64; 4]> = (0..6)
        .map(|_| {
            let mut near = |span: i64| i64::from(dice.between(0, 1000)) * span / 500 - span;
            let (x, y) = (near(wide / 2), near(high / 2));
            [x, y, middle / 10 + near(middle / 20), 40 + near(30)]
        })
        .collect();
    let mut pixels = Vec::with_capacity(usize::from(side) * usize::from(side) * 2);
    for row in 0..i64::from(side) {
        for column in 0..i64::from(side) {
            let (x, y) = (column - middle, row - middle);
            let body = x * x * 1000 / (wide * wide) + y * y * 1000 / (high * high);
            let organ = organs
                .iter()
                .find(|[at, level, size, _]| (x - at).pow(2) + (y - level).pow(2) < size * size);
            let density = match organ {
                _ if body > 1000 => 24,
                _ if body > 900 => 930,
                Some([_, _, _, more]) => 1030 + more,
                None => 1040,
            };
            let noise = i64::try_from(dice.word() & 31).unwrap_or(0);
            pixels.extend_from_slice(&u16::try_from(density + noise).unwrap_or(0).to_le_bytes());
        }
    }
    pixels
}

/// A fan of speckle on black.
fn ultrasound(dice: &mut Dice, side: u16, frame: u16) -> Vec<u8> {
    let (side, frame) = (i64::from(side), i64::from(frame));
    let mut pixels = Vec::with_capacity((side * side) as usize);
    for y in 0..side {
        for x in 0..side {
            let fan = (x - side / 2).abs() * 4 < y * 3 && y > 8;
            let wave = ((x + frame * 2) / 9 + y / 7) % 5 * 18;
            let speckle = i64::try_from(dice.word() & 63).unwrap_or(0);
            let light = if fan { wave + speckle + 20 } else { 0 };
            pixels.push(u8::try_from(light).unwrap_or(u8::MAX));
        }
    }
    pixels
}

/// Below 2.25, where anybody may take a number without asking.
fn uid(dice: &mut Dice) -> String {
    let number = u128::from(dice.word()) << 64 | u128::from(dice.word());
    format!("2.25.{number}")
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("images here have megabytes")
}

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const ULTRASOUND: &str = "1.2.840.10008.5.1.4.1.1.3.1";
